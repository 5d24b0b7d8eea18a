import type { Journal } from "../../src/contracts/journal.ts";
import type { RunPlan } from "../../src/model/plan.ts";
import { pendingIn } from "../../src/study/restore/pending.ts";
import { RestoreLocks } from "../../src/study/restore/restore-locks.ts";
import type { Left, RestoreParts } from "../../src/study/restore/restore.ts";
import { restore } from "../../src/study/restore/restore.ts";
import type { RunEnding } from "../../src/contracts/progress.ts";
import { runExperiment } from "../../src/study/run-experiment.ts";
import { fakeExperiment } from "./fake-experiment.ts";
import { arm } from "./fake-study.ts";
import type { FakeStudy } from "./fake-study.ts";

const plan: RunPlan = {
  format: 1,
  run: "run",
  tool: "test",
  experiment: { ...fakeExperiment(1, 1), arms: [arm] },
  inventory: { file: "inventory.yaml", clusters: [] },
  lab: null,
  trials: [{ id: "001-arm-1", arm: "arm", repetition: 1, seed: 1 }],
};

/** A run of one trial, locks included. */
export async function fakeWholeRun(
  study: FakeStudy,
  {
    stop = new AbortController().signal,
    journal = study.journal(),
  }: { readonly stop?: AbortSignal; readonly journal?: Journal } = {},
): Promise<RunEnding> {
  const parts = study.parts();
  const whole = {
    ...parts,
    journal,
    owner: "ada@bench, process 1",
    resumed: false,
    hookRunner: study.hookRunner(),
    clusters: new Map([["fake", parts.cluster]]),
    faults: new Map([["arm", parts.fault]]),
  };
  return await runExperiment(plan, whole, stop);
}

const RESTORER = "bob@desk, process 2";
const assertIsOver = async (): Promise<void> => await Promise.resolve();

/** Takes back on that cluster what the journal says is left; notes it there. */
export async function fakeRestore(
  study: FakeStudy,
  changes: Partial<RestoreParts> = {},
): Promise<readonly Left[]> {
  const { cluster, fault } = study.parts();
  const reach = {
    clock: study.clock,
    cluster: async () => await Promise.resolve({ driver: cluster.driver, identities: [] }),
    tell: () => undefined,
    ...changes,
  };
  const locks = new RestoreLocks({ ...reach, run: "run", owner: RESTORER, assertIsOver });
  const journal = study.journal();
  const pending = pendingIn(study.events.map((event) => ({ event })));
  const unfinished = { run: "run", owed: pending.owed(), locks: pending.locks() };
  const parts: RestoreParts = {
    locks,
    fault: () => fault,
    note: async (event) => {
      await journal.commit(event);
    },
    ...reach,
  };
  try {
    return await study.clock.runUntilSettled(
      restore(unfinished, parts, new AbortController().signal),
    );
  } finally {
    locks.close();
  }
}
