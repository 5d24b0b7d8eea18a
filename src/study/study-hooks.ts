import type { HookEnd, HookRunner } from "../contracts/hook-runner.ts";
import type { Journal } from "../contracts/journal.ts";
import type { Progress } from "../contracts/progress.ts";
import type { RunEvent } from "../model/journal.ts";
import type { HookName, Hooks } from "../model/hooks.ts";
import type { PlannedTrial } from "../model/plan.ts";

interface Parts {
  readonly hooks: Hooks;
  readonly runner: HookRunner;
  readonly journal: Journal;
  readonly progress: Progress;
  /** What every hook is told: the run, the experiment, the clusters. */
  readonly facts: Facts;
}

type Facts = Readonly<Record<string, string>>;

/** The trial that a hook is for, or the whole run, and what else it is told. */
interface About {
  readonly trial: PlannedTrial | null;
  readonly facts: Facts;
}

/** A signal that never comes: what is run after a run or trial is cut by its own limit alone. */
const never = new AbortController().signal;

/** Runs the user's own commands, and puts on record that they were, and how they ended. */
export class StudyHooks {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  has(name: HookName): boolean {
    return this.#parts.hooks[name] !== null;
  }

  /** Null: go on. Otherwise why not: it failed, and is required. Rejects when it cannot be put on record first. */
  async before(
    name: "before_run" | "before_trial",
    about: About,
    stop: AbortSignal,
  ): Promise<string | null> {
    const hook = this.#parts.hooks[name];
    if (hook === null) return null;
    this.#tell(name, about);
    await this.#parts.journal.commit(started(name, about));
    const end = await this.#run(name, about, stop);
    return end.ok || !hook.required ? null : inWords(name, end);
  }

  /** Never rejects, and is never cut short: a channel is told also of a run that was stopped or whose journal broke. */
  async after(name: "after_run" | "after_trial", about: About): Promise<void> {
    if (!this.has(name)) return;
    this.#tell(name, about);
    await this.#tryNote(started(name, about));
    await this.#run(name, about, never);
  }

  async #run(name: HookName, about: About, stop: AbortSignal): Promise<HookEnd> {
    const { hooks, runner, facts } = this.#parts;
    const hook = hooks[name];
    if (hook === null) return { ok: true, detail: "", said: "" };
    const end = await runner.run(hook, { ...facts, ...about.facts, HOOK: name }, stop);
    await this.#tryNote({
      kind: "hook-ended",
      hook: name,
      around: about.trial?.id ?? null,
      ...end,
    });
    return end;
  }

  #tell(name: HookName, { trial }: About): void {
    this.#parts.progress.step(trial, `running the hook ${name}`);
  }

  /** A journal that cannot be written any more has told so where it broke, and keeps no hook from being run. */
  async #tryNote(event: RunEvent): Promise<void> {
    try {
      this.#parts.progress.record(await this.#parts.journal.append(event));
    } catch {
      return;
    }
  }
}

const started = (hook: HookName, { trial }: About): RunEvent => ({
  kind: "hook-started",
  hook,
  around: trial?.id ?? null,
});

const inWords = (name: HookName, { detail, said }: HookEnd): string =>
  `the hook ${name} failed: ${detail}${said === "" ? "" : ` (${said})`}`;
