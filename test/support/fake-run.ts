import { DateTime } from "luxon";
import type { Arm } from "../../src/model/experiment.ts";
import type { JournalEvent, JournalRecord } from "../../src/model/journal.ts";
import type { PlannedTrial, RunPlan } from "../../src/model/plan.ts";
import type { Sample } from "../../src/model/sample.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { planTrials } from "../../src/study/order.ts";
import { present } from "../../src/base/assert.ts";
import { fakeExperiment, fakeInventory, fakeLab } from "./fake-experiment.ts";
import type { FakeFate, FakeTrial } from "./fake-trial.ts";
import { fakeTrial } from "./fake-trial.ts";

export interface FakeRun {
  readonly plan: RunPlan;
  readonly records: readonly JournalRecord[];
  readonly samples: readonly Sample[];
  /** The truth of every trial that was started. */
  readonly truths: ReadonlyMap<string, FakeTrial["truth"]>;
}

export interface FakeRunOptions {
  readonly seed?: number;
  /** Of each of the three arms: proxmox-guest, proxmox-console, kubernetes. */
  readonly trials?: number;
  /** What becomes of the trial with that index; by default some are void, one is censored, some flap. */
  readonly fate?: (index: number) => FakeFate;
  /** The run dies after that many trials, without an end in its journal. */
  readonly diesAfter?: number;
}

/** A whole run out of thin air: its plan, journal and samples, consistent with each other and with a truth that is told. */
export function fakeRun(options: FakeRunOptions = {}): FakeRun {
  const { seed = 1, trials = 10, fate = mixed, diesAfter = Number.POSITIVE_INFINITY } = options;
  const experiment = fakeExperiment(seed, trials);
  const random = new SeededRandom(seed);
  const planned = planTrials(experiment, random);
  const plan: RunPlan = {
    format: 1,
    run: "20260101-000000-fake",
    tool: "0.0.0",
    experiment,
    inventory: fakeInventory,
    lab: fakeLab,
    trials: planned,
  };
  const book = new Book();
  const samples: Sample[] = [];
  const truths = new Map<string, FakeTrial["truth"]>();
  begin(book, plan);
  for (const [index, trial] of planned.slice(0, diesAfter).entries()) {
    const told = fakeTrial(
      { trial, arm: armOf(experiment.arms, trial), at_ms: book.now + 5000, fate: fate(index) },
      random.fork(trial.id),
    );
    for (const { at_ms, event } of told.events) book.add(at_ms, { trial: trial.id, ...event });
    for (const sample of told.samples) samples.push(sample);
    truths.set(trial.id, told.truth);
  }
  if (diesAfter >= planned.length) {
    book.add(book.now + 1000, { kind: "run-ended", end: "completed", detail: "" });
  }
  return { plan, records: book.records, samples, truths };
}

/** As a file's reader would hand them out. */
export async function* streamed<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

/** Of 30 trials three are void, one is censored, two flap. */
function mixed(index: number): FakeFate {
  const fates: Readonly<Record<number, FakeFate>> = {
    4: "not-confirmed",
    8: "flaps",
    11: "not-steady",
    16: "still-down",
    19: "never-lost",
    24: "flaps",
  };
  return fates[index] ?? "recovers";
}

const armOf = (arms: readonly Arm[], trial: PlannedTrial): Arm =>
  present(
    arms.find(({ name }) => name === trial.arm),
    `arm ${trial.arm}`,
  );

function begin(book: Book, plan: RunPlan): void {
  book.add(0, {
    kind: "run-started",
    format: 1,
    run: plan.run,
    tool: plan.tool,
    seed: plan.experiment.seed,
    clock: { speed: 60, deadline_floor_ms: 6000, period_floor_ms: 240 },
  });
  for (const { kind, name } of plan.inventory.clusters) {
    const version = kind === "proxmox" ? "9.0.3" : "v1.20.15";
    const identity = { kind, name, fingerprint: "AA:BB", version };
    book.add(10, { kind: "cluster-identified", cluster: name, identity });
  }
}

class Book {
  readonly records: JournalRecord[] = [];

  get now(): number {
    return this.records.at(-1)?.at_ms ?? 0;
  }

  add(at_ms: number, event: JournalEvent): void {
    const wall = DateTime.fromISO("2026-01-01T00:00:00.000Z", { zone: "utc" })
      .plus({ milliseconds: at_ms })
      .toISO();
    this.records.push({
      seq: this.records.length + 1,
      at_ms,
      wall: present(wall, "wall time"),
      event,
    });
  }
}
