import { instantInMs } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { DesktopWay, Progress, RunEnding } from "../contracts/progress.ts";
import type { Arm } from "../model/experiment.ts";
import type { JournalRecord } from "../model/journal.ts";
import type { PlannedTrial, RunPlan } from "../model/plan.ts";
import type { Sample } from "../model/sample.ts";
import { applyEvent } from "./apply-event.ts";
import type { OnDropped } from "./audience.ts";
import { Audience } from "./audience.ts";
import { KeptFacts } from "./kept-facts.ts";
import type { ExpectedTrial, Judgement, LiveEvent, LiveFact } from "./live-event.ts";
import { liveResult } from "./live-result.ts";
import { liveRun } from "./live-run.ts";
import type { LiveState } from "./live-state.ts";
import { nothingYet } from "./live-state.ts";

/** Hears an event, and the state after it. */
export type LiveListener = (event: LiveEvent, state: LiveState) => void;

interface FeedParts {
  readonly clock: Pick<Clock, "now" | "speed">;
  readonly expect: (plan: RunPlan) => (arm: Arm) => ExpectedTrial | null;
  readonly onDropped: OnDropped;
  /** What is not known because it could not be worked out; told once of each, and must not throw. */
  readonly onUnknown: (what: string, error: unknown) => void;
}

/**
 * Turns what a run tells into events, keeps the state that follows from them, and hands on both. What cannot be worked out of
 * one trial is missing of that trial alone.
 */
export class LiveFeed implements Progress {
  readonly #parts: FeedParts;
  readonly #audience: Audience<LiveListener>;
  readonly #facts = new KeptFacts();
  readonly #unknown = new Set<string>();
  #plan: RunPlan | null = null;
  #state = nothingYet;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#audience = new Audience(parts.onDropped);
  }

  get state(): LiveState {
    return this.#state;
  }

  listen(name: string, listener: LiveListener): void {
    this.#audience.add(name, listener);
  }

  runStarted(plan: RunPlan): void {
    const { clock, expect } = this.#parts;
    this.#plan = plan;
    const expected = (arm: Arm): ExpectedTrial | null =>
      this.#known(`what is expected of ${arm.name} is not known`, () => expect(plan)(arm));
    this.#tell({ kind: "run-started", ...liveRun(plan, clock.speed, expected) });
  }

  trialStarted({ id, arm, repetition }: PlannedTrial): void {
    this.#tell({ kind: "trial-started", trial: id, arm, repetition });
  }

  step(trial: PlannedTrial | null, doing: string): void {
    this.#tell({ kind: "step", trial: trial?.id ?? null, doing });
  }

  record(record: JournalRecord): void {
    this.#facts.record(record);
    const { seq, event, at_ms } = record;
    this.#hear({ kind: "record", at_ms, seq, event });
  }

  sample(sample: Sample): void {
    this.#facts.sample(sample);
    this.#tell({ kind: "sample", sample });
  }

  trialEnded(trial: PlannedTrial): void {
    const until_ms = this.#nowMs();
    const since_ms = this.#state.trial?.since_ms ?? until_ms;
    const times = { since_ms, until_ms };
    const known = this.#known(`what came of trial ${trial.id} is not known`, () =>
      this.#plan === null ? null : liveResult(trial, this.#facts.end(this.#plan, trial), times),
    );
    this.#tell({ kind: "trial-ended", result: known ?? liveResult(trial, null, times) });
  }

  desktop({ id }: PlannedTrial, way: DesktopWay | null): void {
    this.#tell({ kind: "desktop", trial: id, reachable: way !== null });
  }

  runEnded({ end, detail }: RunEnding): void {
    this.#tell({ kind: "run-ended", end, detail });
  }

  /** It is told to stop, and why. */
  stopping(why: string): void {
    this.#tell({ kind: "stopping", why });
  }

  judged(judgement: Judgement): void {
    this.#tell({ kind: "run-judged", ...judgement });
  }

  #tell(fact: LiveFact): void {
    this.#hear({ at_ms: this.#nowMs(), ...fact });
  }

  #hear(event: LiveEvent): void {
    const now = this.#state.trial === null ? "the run" : `trial ${this.#state.trial.trial}`;
    this.#state =
      this.#known(`some of ${now} is not shown`, () => applyEvent(this.#state, event)) ??
      this.#state;
    this.#audience.tell((listener) => {
      listener(event, this.#state);
    });
  }

  /** Null where that throws. */
  #known<T>(unknown: string, workOut: () => T): T | null {
    try {
      return workOut();
    } catch (error) {
      if (!this.#unknown.has(unknown)) this.#parts.onUnknown(unknown, error);
      this.#unknown.add(unknown);
      return null;
    }
  }

  #nowMs(): number {
    return instantInMs(this.#parts.clock.now());
  }
}
