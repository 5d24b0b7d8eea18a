import { z } from "zod";
import type { SecretRef } from "../../model/secret.ts";
import { parseDuration } from "./parse-duration.ts";

/** The words that the schemas are written in. Each says what is wrong in full; `describe-issue` adds the place. */

/** Turns a path of the file into one that can be opened: relative ones belong to the file's own folder. */
export type ResolvePath = (path: string) => string;

/** A map that refuses unknown keys. Its message carries the known ones, for `describe-issue` to name the nearest. */
export const strict = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? Object.keys(shape).join(ALLOWED_KEYS_GLUE) : undefined,
  });
export const ALLOWED_KEYS_GLUE = ", ";

interface FieldDocs {
  readonly description?: string;
  readonly pattern?: string;
  readonly examples?: readonly string[];
}

/** A text with a parser of ours. What the parser returns as `problem` is shown as it is, the text itself never is. */
export const parsed = <T>(
  parse: (text: string) => { readonly value: T } | { readonly problem: string },
  docs: FieldDocs = {},
) =>
  z
    .unknown()
    .transform((input, context): T => {
      if (typeof input !== "string" && typeof input !== "number") {
        context.addIssue({ code: "invalid_type", expected: "string", input });
        return z.NEVER;
      }
      const result = parse(String(input));
      if ("value" in result && typeof input === "string") return result.value;
      const message = "problem" in result ? result.problem : "must be in quotes";
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    })
    .meta({ type: "string", ...docs });

const DURATION_PATTERN = "^(\\d+(\\.\\d+)?(ms|s|m|h))+$";

/** A length of time with its unit, in milliseconds. */
export const duration = (limits: { readonly min?: number; readonly max?: number } = {}) =>
  parsed((text) => parseDuration(text, limits), {
    description: "A length of time with its unit: 250ms, 90s, 5m, 1h.",
    pattern: DURATION_PATTERN,
  });

/** A length of time that cannot be nought. */
export const wait = (limits: { readonly max?: number } = {}) => duration({ min: 1, ...limits });

const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `env:NAME` or `file:/path`. The value is never shown, since people do write secrets where references belong. */
export const secret = (resolvePath: ResolvePath) =>
  parsed<SecretRef>((text) => parseSecret(text, resolvePath), {
    description: "Where the secret is to be found, never the secret itself.",
    pattern: "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
    examples: ["env:PVE_TOKEN", "file:secrets/token"],
  });

function parseSecret(text: string, resolvePath: ResolvePath) {
  const name = text.startsWith("env:") ? text.slice("env:".length) : "";
  if (ENVIRONMENT_NAME.test(name)) return { value: { kind: "env", name } as const };
  const path = text.startsWith("file:") ? text.slice("file:".length) : "";
  if (path.startsWith("~")) return { problem: "~ is not expanded; write the whole path" };
  if (path !== "") return { value: { kind: "file", path: resolvePath(path) } as const };
  return { problem: "must be a reference to the secret: env:NAME or file:/path" };
}

/** A path, relative to the file that names it. */
export const path = (resolvePath: ResolvePath) =>
  z
    .string()
    .min(1)
    .refine((text) => !text.startsWith("~"), { error: "~ is not expanded; write the whole path" })
    .transform(resolvePath);

/** `https://host:port`, and no user or password in it. */
export const url = (schemes: readonly ["https"] | readonly ["http", "https"]) =>
  parsed((text) => parseUrl(text, schemes), {
    pattern: `^${schemes.length === 1 ? "https" : "https?"}://`,
  });

function parseUrl(text: string, schemes: readonly string[]) {
  const form = `must be ${schemes.join(" or ")}://host:port`;
  if (!URL.canParse(text)) return { problem: form };
  const { protocol, username, password } = new URL(text);
  if (username !== "" || password !== "") return { problem: `${form}, without user or password` };
  return schemes.includes(protocol.slice(0, -1)) ? { value: text } : { problem: form };
}

/** A name that may stand in file names, trial ids and messages. */
export const name = () =>
  z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,62}$/, {
    error: "must begin with a letter and hold only letters, digits, dots, - and _ (at most 63)",
  });

/** A node's name as its cluster knows it. */
export const nodeName = () =>
  z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, {
    error: "must be a host name",
  });

/** RFC 1123 label. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What a Kubernetes namespace may be called. */
export const namespace = () => z.string().regex(LABEL, { error: "must be a lower-case DNS label" });

export const port = () => z.int().min(1).max(65_535);
export const text = () => z.string().min(1).max(10_000);

const fingerprintPattern = /^([0-9a-f]{2}:){31}[0-9a-f]{2}$/i;
/** SHA-256, 32 bytes in hex between colons, upper case as openssl prints it. */
export const fingerprint = () =>
  z
    .string()
    .regex(fingerprintPattern, {
      error: 'must be a SHA-256 fingerprint, "AA:BB:..." (32 bytes), as openssl prints it',
    })
    .transform((hex) => hex.toUpperCase());
