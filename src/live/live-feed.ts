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
}

/** Turns what a run tells into events, keeps the state that follows from them, and hands on both. */
export class LiveFeed implements Progress {
  readonly #parts: FeedParts;
  readonly #audience: Audience<LiveListener>;
  readonly #facts = new KeptFacts();
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
    this.#tell({ kind: "run-started", ...liveRun(plan, clock.speed, expect(plan)) });
  }

  trialStarted({ id, arm, repetition }: PlannedTrial): void {
    this.#tell({ kind: "trial-started", trial: id, arm, repetition });
  }

  step({ id }: PlannedTrial, doing: string): void {
    this.#tell({ kind: "step", trial: id, doing });
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
    const known = this.#plan === null ? null : this.#facts.end(this.#plan, trial);
    const result = liveResult(trial, known, { since_ms, until_ms });
    this.#tell({ kind: "trial-ended", result });
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
    this.#state = applyEvent(this.#state, event);
    this.#audience.tell((listener) => {
      listener(event, this.#state);
    });
  }

  #nowMs(): number {
    return instantInMs(this.#parts.clock.now());
  }
}
