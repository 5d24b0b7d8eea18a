import type { ErrorCode } from "../../base/errors.ts";
import { OperatingError } from "../../base/errors.ts";

/** The other side would not have us, or is not who it should be. It may pass: it reloads its users, somebody else has answered. */
const refusals: readonly ErrorCode[] = ["denied", "untrusted"];
/** What a person has to put right. */
const hopeless: readonly ErrorCode[] = ["configuration", "environment", "unsafe", ...refusals];

export const isRefusal = (error: unknown): boolean =>
  error instanceof OperatingError && refusals.includes(error.code);

/** Whether trying again cannot help. */
export const isHopeless = (error: unknown): boolean =>
  error instanceof OperatingError && hopeless.includes(error.code);
