import { createWriteStream } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { latestRenewal } from "../../src/analysis/cycle-age.ts";
import { present } from "../../src/base/assert.ts";
import type { ControlPlaneEvent } from "../../src/model/cluster-facts.ts";
import type { JournalEvent, JournalRecord } from "../../src/model/journal.ts";
import type { PlannedTrial, RunPlan } from "../../src/model/plan.ts";
import type { Sample } from "../../src/model/sample.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { FileSampleReader } from "../../src/store/file-sample-reader.ts";
import { readPlan, writePlan } from "../../src/store/plan-file.ts";
import { readJournal } from "../../src/store/read-journal.ts";

/** The run that the others are made of: of a real study, with all that a journal holds today. */
const SAMPLE = "reports/sample";
/** The grid of a cluster that is no lab, ms. */
const PERIOD_MS = 250;

/** One trial of the sample run, told again: under another name, and all of it a little slower or quicker. */
interface Retold {
  readonly source: string;
  readonly trial: PlannedTrial;
  readonly pace: number;
}

interface Told {
  readonly records: readonly JournalRecord[];
  readonly samples: readonly Sample[];
}

/**
 * Writes a run of so many trials on a grid of 250 ms: those of the sample run (or of one of its arms alone) again and again, each
 * at a pace of its own, so that no two take alike. Each counts from the zero of the run's clock. How many samples there are.
 */
export async function writeManyTrials(
  folder: string,
  trials: number,
  arm: string | null = null,
): Promise<number> {
  const plan = ofArm(await readPlan(join(SAMPLE, "plan.json")), arm);
  const { records } = await readJournal(join(SAMPLE, "journal.ndjson"));
  const told = await toldOf(records);
  const random = new SeededRandom(1);
  const retold = Array.from({ length: trials }, (_, index): Retold => {
    const source = present(plan.trials[index % plan.trials.length], "a trial");
    const repetition = Math.floor(index / plan.experiment.arms.length) + 1;
    const id = `${String(index + 1).padStart(4, "0")}-${source.arm}-${repetition}`;
    return {
      source: source.id,
      trial: { ...source, id, repetition, seed: index },
      pace: 0.97 + 0.06 * random.next(),
    };
  });
  await mkdir(folder, { recursive: true });
  await writePlan(join(folder, "plan.json"), planOf(plan, retold));
  await writeFile(join(folder, "journal.ndjson"), journalOf(records, retold, told));
  const count = { samples: 0 };
  await pipeline(
    Readable.from(samplesOf(retold, told, count)),
    createWriteStream(join(folder, "samples.ndjson")),
  );
  await cp(join(SAMPLE, "frames"), join(folder, "frames"), { recursive: true }).catch(
    () => undefined,
  );
  return count.samples;
}

const ofArm = ({ experiment, trials, ...plan }: RunPlan, name: string | null): RunPlan => ({
  ...plan,
  experiment: {
    ...experiment,
    arms: experiment.arms.filter((arm) => name === null || arm.name === name),
  },
  trials: trials.filter(({ arm }) => name === null || arm === name),
});

async function toldOf(records: readonly JournalRecord[]): Promise<ReadonlyMap<string, Told>> {
  const samples: Sample[] = [];
  const reader = new FileSampleReader(join(SAMPLE, "samples.ndjson"));
  for await (const sample of reader.read()) samples.push(sample);
  const trials = new Set(samples.map(({ trial }) => trial));
  return new Map(
    [...trials].map((trial) => [
      trial,
      {
        records: records.filter(({ event }) => "trial" in event && event.trial === trial),
        samples: samples.filter((sample) => sample.trial === trial),
      },
    ]),
  );
}

const planOf = (plan: RunPlan, retold: readonly Retold[]): RunPlan => ({
  ...plan,
  experiment: {
    ...plan.experiment,
    arms: plan.experiment.arms.map((arm) => ({
      ...arm,
      trials: retold.filter(({ trial }) => trial.arm === arm.name).length,
    })),
  },
  trials: retold.map(({ trial }) => trial),
});

const isEnd = ({ kind }: JournalEvent): boolean => kind === "run-ended";

function journalOf(
  records: readonly JournalRecord[],
  retold: readonly Retold[],
  told: ReadonlyMap<string, Told>,
): string {
  const ofRun = records.filter(({ event }) => !("trial" in event));
  const all = [
    ...ofRun.filter(({ event }) => !isEnd(event)),
    ...retold.flatMap((each) => recordsOf(each, present(told.get(each.source), each.source))),
    ...ofRun.filter(({ event }) => isEnd(event)),
  ];
  return all.map((record, index) => `${JSON.stringify({ ...record, seq: index + 1 })}\n`).join("");
}

const recordsOf = ({ trial, pace }: Retold, { records }: Told): readonly JournalRecord[] =>
  records.map((record) => {
    const { at_ms, event } = paced(record, pace);
    const own = { ...event, trial: trial.id } as JournalEvent;
    if (own.kind === "trial-started") {
      const { repetition, seed } = trial;
      return { ...record, at_ms, event: { ...own, repetition, seed } };
    }
    if (own.kind === "prediction") {
      const counted = latestRenewal(toldBefore(record, records), Number.POSITIVE_INFINITY);
      const renewed_ms = counted === null ? null : paced(counted, pace).observed_ms;
      return { ...record, at_ms, event: { ...own, renewed_ms } };
    }
    if (own.kind !== "observing") return { ...record, at_ms, event: own };
    const period_ms = own.grid.period_ms / partsOf(own.grid.period_ms);
    return { ...record, at_ms, event: { ...own, grid: { ...own.grid, period_ms } } };
  });

/** By then nothing comes of the victim any more: the latest renewal is the one that its prediction counts from. */
const toldBefore = (
  { seq }: JournalRecord,
  records: readonly JournalRecord[],
): readonly ControlPlaneEvent[] =>
  records.flatMap(({ event, ...record }) =>
    event.kind === "control-plane" && record.seq < seq ? [event.event] : [],
  );

const partsOf = (period_ms: number): number => Math.round(period_ms / PERIOD_MS);

/** What a cluster is set to stays. */
const SETTING = /^(?:node_monitor|lease_duration|token)/u;

/** All milliseconds in it, spans and durations alike. */
function paced<T>(value: T, pace: number, isTime = false): T {
  if (typeof value === "number") return (isTime ? value * pace : value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => paced(each, pace, isTime)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      paced(each as unknown, pace, !SETTING.test(key) && (isTime || key.endsWith("_ms"))),
    ]),
  ) as T;
}

/** The text of the file, trial by trial. */
function* samplesOf(
  retold: readonly Retold[],
  told: ReadonlyMap<string, Told>,
  count: { samples: number },
): Generator<string> {
  for (const { source, trial, pace } of retold) {
    const { records, samples } = present(told.get(source), source);
    const observing = records.flatMap(({ event }) => (event.kind === "observing" ? [event] : []));
    const period_ms = present(observing[0], "a watch").grid.period_ms;
    const parts = partsOf(period_ms);
    const lines: string[] = [];
    for (const { seq, scheduled_ms, started_ms, ended_ms, ...rest } of samples) {
      const more = JSON.stringify({ ...rest, trial: trial.id }).slice(1);
      for (let part = 0; part < parts; part++) {
        const [scheduled, started, ended] = [scheduled_ms, started_ms, ended_ms].map((at) =>
          ((at + (part * period_ms) / parts) * pace).toFixed(3),
        );
        lines.push(
          `{"seq":${seq * parts + part},"scheduled_ms":${scheduled},"started_ms":${started},"ended_ms":${ended},${more}\n`,
        );
      }
    }
    count.samples += lines.length;
    yield lines.join("");
  }
}
