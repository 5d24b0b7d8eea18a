import type { ErrorCode } from "../../base/errors.ts";
import { OperatingError } from "../../base/errors.ts";

/** What a person has to put right. */
const hopeless: readonly ErrorCode[] = [
  "configuration",
  "denied",
  "environment",
  "unsafe",
  "untrusted",
];

/** Whether trying again cannot help. */
export const isHopeless = (error: unknown): boolean =>
  error instanceof OperatingError && hopeless.includes(error.code);
