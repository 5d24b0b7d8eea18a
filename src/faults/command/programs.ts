import type { Duration } from "../../base/time.ts";

/** One call of a program of the user's. */
export interface ProgramCall {
  /** Absolute path. It is started without a shell. */
  readonly program: string;
  readonly words: readonly string[];
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** After this long it is ended, and all that it has started with it. */
  readonly limit: Duration;
}

export interface ProgramEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** Their last 64 KiB. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs programs on the machine that this tool runs on. */
export interface Programs {
  /**
   * Resolves with its end, whatever it was. Rejects with `environment` when it cannot be started, with `timed-out` after
   * the limit, or with the signal's reason; then it and its process group have been ended.
   */
  run(call: ProgramCall, signal: AbortSignal): Promise<ProgramEnd>;
}
