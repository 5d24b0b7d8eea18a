import { z } from "zod";
import type { HookSpec, Hooks } from "../../model/hooks.ts";
import type { ResolvePath } from "../schema/fields.ts";
import { strict, text, wait } from "../schema/fields.ts";

/** A hook that hangs keeps a cluster waiting, or a healed run from ending. */
const LONGEST_MS = 10 * 60 * 1000;

/** Commands of the user's own around the run and each trial. */
export const hooks = (resolvePath: ResolvePath) =>
  strict({
    before_run: before(resolvePath).describe("Before anything is touched."),
    after_run: after(resolvePath).describe("Always, when before_run was run or there is none."),
    before_trial: before(resolvePath).describe("Before each trial touches anything."),
    after_trial: after(resolvePath).describe(
      "After each trial has been taken back, whatever its end.",
    ),
  })
    .transform((named): Hooks => named)
    .prefault({});

const before = (resolvePath: ResolvePath) =>
  strict({
    ...fields(resolvePath),
    required: z
      .boolean()
      .default(true)
      .describe("When it fails, the run is refused, or the trial is void."),
  })
    .transform(spec)
    .nullable()
    .default(null);

/** Nothing can be refused any more: it has no `required`. */
const after = (resolvePath: ResolvePath) =>
  strict(fields(resolvePath))
    .transform((written) => spec({ ...written, required: false }))
    .nullable()
    .default(null);

const fields = (resolvePath: ResolvePath) => ({
  command: z
    .array(word())
    .min(1)
    .max(64)
    .transform(([program = "", ...words]) => [located(program, resolvePath), ...words])
    .describe(
      "The program and its words, without a shell. With a slash it is a path, relative to this file; else it is looked for in PATH.",
    ),
  timeout: wait({ max: LONGEST_MS })
    .prefault("30s")
    .describe("In real time. Then it gets SIGTERM, and SIGKILL, with all that it has started."),
  pass: z
    .array(
      z.string().regex(/^(?!BLACKOUT_)[A-Za-z_][A-Za-z0-9_]*$/, {
        error: "must be the name of an environment variable that is not BLACKOUT_...",
      }),
    )
    .max(64)
    .default([])
    .describe("Variables of your environment that it gets beside PATH, HOME, LANG, LC_*, TZ."),
});

const word = () =>
  text().refine((written) => !written.includes("\0"), { error: "must not hold a NUL" });

const located = (program: string, resolvePath: ResolvePath): string =>
  program.includes("/") ? resolvePath(program) : program;

const spec = ({
  timeout,
  ...rest
}: Omit<HookSpec, "limit_ms"> & { readonly timeout: number }): HookSpec => ({
  ...rest,
  limit_ms: timeout,
});
