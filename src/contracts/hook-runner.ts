import type { HookSpec } from "../model/hooks.ts";

/** Runs the user's own commands around a run and its trials. */
export interface HookRunner {
  /**
   * Runs the command with `facts` in its environment until it ends or its limit does; an aborted signal ends it earlier.
   * Never rejects: whatever goes wrong is an end that is not ok.
   */
  run(
    hook: HookSpec,
    facts: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HookEnd>;
}

export interface HookEnd {
  readonly ok: boolean;
  /** Why not, in one line; empty when it is. */
  readonly detail: string;
  /** The end of what it wrote, in one line without secrets. */
  readonly said: string;
}
