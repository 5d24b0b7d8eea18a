import { describeError } from "../base/errors.ts";
import type { CleanupStack } from "../base/cleanup.ts";
import type { Journal } from "../contracts/journal.ts";
import type { Progress } from "../contracts/progress.ts";
import type { TrialFact } from "../model/journal.ts";
import type { PlannedTrial } from "../model/plan.ts";
import type { Undo } from "../model/undo.ts";
import type { Owing } from "./lock/held-lock.ts";
import type { TrialParts } from "./trial-parts.ts";

/** Writes one trial's facts into the run's journal, and sees to it that intent comes before act and undo before do. */
export class Notebook {
  readonly #trial: PlannedTrial;
  readonly #journal: Journal;
  readonly #progress: Progress;
  readonly #lock: Owing;
  #intents = 0;

  constructor({
    trial,
    journal,
    progress,
    lock,
  }: Pick<TrialParts, "trial" | "journal" | "progress" | "lock">) {
    this.#trial = trial;
    this.#journal = journal;
    this.#progress = progress;
    this.#lock = lock;
  }

  step(doing: string): void {
    this.#progress.step(this.#trial, doing);
  }

  async note(fact: TrialFact): Promise<void> {
    this.#progress.record(await this.#journal.append({ trial: this.#trial.id, ...fact }));
  }

  /** On disk when it resolves. */
  async commit(fact: TrialFact): Promise<void> {
    this.#progress.record(await this.#journal.commit({ trial: this.#trial.id, ...fact }));
  }

  /**
   * Puts an intent on disk, its undo on the stack, and both into the cluster's lock, all before the act. The undo's own
   * outcome is noted too; a journal that cannot be written any more never keeps an undo from being tried.
   */
  async intend(
    intent: { readonly act: string; readonly undo: Undo },
    cleanup: CleanupStack,
    takeBack: (signal: AbortSignal) => Promise<void>,
  ): Promise<Intent> {
    const id = ++this.#intents;
    await this.commit({ kind: "intent", id, act: intent.act, undo: intent.undo });
    cleanup.register(intent.act, async (signal) => {
      this.step(`taking back: ${intent.act}`);
      try {
        await takeBack(signal);
      } catch (error) {
        await this.tryNote({ kind: "undo-failed", id, error: describeError(error) });
        throw error;
      }
      await this.tryNote({ kind: "undo-done", id });
      await this.#lock.settle(this.#trial.id, id);
    });
    await this.#lock.owe({ trial: this.#trial.id, id, ...intent });
    return {
      perform: async (run) => {
        try {
          const value = await run();
          await this.note({ kind: "act-done", id });
          return value;
        } catch (error) {
          await this.tryNote({ kind: "act-failed", id, error: describeError(error) });
          throw error;
        }
      },
    };
  }

  /** False, and told, when the journal cannot be written any more. */
  async tryNote(fact: TrialFact): Promise<boolean> {
    try {
      await this.note(fact);
      return true;
    } catch (error) {
      this.step(`the journal cannot be written: ${describeError(error)}`);
      return false;
    }
  }
}

interface Intent {
  readonly perform: <T>(run: () => Promise<T>) => Promise<T>;
}
