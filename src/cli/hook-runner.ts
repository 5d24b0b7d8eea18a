import { describeError, OperatingError } from "../base/errors.ts";
import { plainText } from "../base/plain-text.ts";
import { formatDuration, milliseconds } from "../base/time.ts";
import type { HookEnd, HookRunner } from "../contracts/hook-runner.ts";
import type { ProgramEnd, Programs } from "../faults/command/programs.ts";
import type { Experiment } from "../model/experiment.ts";
import { hookNames } from "../model/hooks.ts";
import type { HookSpec } from "../model/hooks.ts";
import type { SecretScrubber } from "../platform/secret-scrubber.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What a program needs to be found, to find its files, and to speak to its user. */
const ORDINARY = /^(?:PATH|HOME|LANG|LC_[A-Z]+|TZ)$/u;
/** Of the end of its output, in the journal and on the terminal. */
const LONGEST_WORDS = 500;

export interface HookSurroundings {
  readonly programs: Programs;
  readonly environment: Environment;
  readonly scrubber: SecretScrubber;
  /** The run's folder, for the programs. */
  readonly folder: string;
}

/** Runs hooks on this machine: no shell, a small environment, a process group that ends with the limit. */
export function hooksHere({
  programs,
  environment,
  scrubber,
  folder,
}: HookSurroundings): HookRunner {
  // Before it is made plain, as that changes what has several spaces; and after it, as that joins what was apart.
  const plainly = (text: string): string => scrubber.scrub(plainText(scrubber.scrub(text)));
  const inWords = ({ stdout, stderr }: Pick<ProgramEnd, "stdout" | "stderr">): string =>
    lastWords(plainly(stderr.trim() === "" ? stdout : stderr));
  return {
    run: async (hook, facts, signal) => {
      const [program = "", ...words] = hook.command;
      try {
        const given = environmentFor(hook, { ...facts, REPORTS: folder }, environment);
        for (const name of hook.pass) scrubber.add(given[name] ?? "");
        const call = { program, words, environment: given, limit: milliseconds(hook.limit_ms) };
        const end = await programs.run(call, signal);
        return { ...judged(end, program), said: inWords(end) };
      } catch (error) {
        return { ok: false, detail: plainly(whyNot(error, hook)), said: "" };
      }
    },
  };
}

/** Refuses hooks that are to be passed a variable that is not set, before anything is done. */
export function checkHooks({ file, hooks }: Experiment, environment: Environment): void {
  for (const name of hookNames) {
    const missing = hooks[name]?.pass.find((variable) => environment[variable] === undefined);
    if (missing === undefined) continue;
    throw new OperatingError(
      "configuration",
      `${file}: hooks.${name}.pass: the variable ${missing} is not set; set it: export ${missing}=...`,
    );
  }
}

/** The facts bear names of ours, and what text of them is foreign is one plain line. */
function environmentFor(
  hook: HookSpec,
  facts: Readonly<Record<string, string>>,
  environment: Environment,
): Record<string, string> {
  const inherited = Object.entries(environment).filter(
    ([name]) => ORDINARY.test(name) || hook.pass.includes(name),
  );
  const told = Object.entries(facts).map(([name, fact]) => [`BLACKOUT_${name}`, plainText(fact)]);
  return Object.fromEntries([...inherited, ...told]);
}

function judged({ exitCode }: ProgramEnd, program: string): Pick<HookEnd, "ok" | "detail"> {
  if (exitCode === 0) return { ok: true, detail: "" };
  const how = exitCode === null ? "a signal ended it" : `its exit code is ${exitCode}`;
  return { ok: false, detail: `${program} failed: ${how}` };
}

const whyNot = (error: unknown, { command: [program = ""], limit_ms }: HookSpec): string =>
  error instanceof OperatingError && error.code === "timed-out"
    ? `${program} failed: it was ended at its limit of ${formatDuration(milliseconds(limit_ms))}`
    : describeError(error);

function lastWords(line: string): string {
  return line.length <= LONGEST_WORDS ? line : `...${line.slice(3 - LONGEST_WORDS)}`;
}
