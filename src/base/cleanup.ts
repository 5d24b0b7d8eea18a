import { describeError } from "./errors.ts";

/** One step that takes something back. It has its own deadline and must be safe to run twice. */
export interface CleanupStep {
  readonly name: string;
  readonly undo: (signal: AbortSignal) => Promise<void>;
}

export interface CleanupFailure {
  readonly step: string;
  readonly error: unknown;
}

/**
 * Undo is registered before do, and unwound last first. Every step is tried even when others fail, each with a budget
 * of its own, so that a step that uses all of its time leaves the others theirs.
 */
export class CleanupStack {
  readonly #steps: CleanupStep[] = [];

  get pending(): readonly string[] {
    return this.#steps.map((step) => step.name);
  }

  register(name: string, undo: CleanupStep["undo"]): void {
    this.#steps.push({ name, undo });
  }

  /** Runs all steps, last registered first, and returns those that failed. `budget` is asked once for each step. */
  async unwind(budget: () => AbortSignal): Promise<readonly CleanupFailure[]> {
    const failures: CleanupFailure[] = [];
    for (let step = this.#steps.at(-1); step !== undefined; step = this.#steps.at(-1)) {
      try {
        await step.undo(budget());
      } catch (error) {
        failures.push({ step: step.name, error });
      }
      this.#steps.pop();
    }
    return failures;
  }
}

export const describeFailures = (failures: readonly CleanupFailure[]): string =>
  failures.map((failure) => `${failure.step}: ${describeError(failure.error)}`).join("; ");
