import { describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { SpanMs } from "../../src/base/interval.ts";
import { predicting } from "../../src/cli/predicting.ts";
import type { ControlPlaneEvent } from "../../src/model/cluster-facts.ts";
import { defaultKubernetesSettings as settings } from "../../src/model/kubernetes-settings.ts";
import { kubernetesTimers } from "../analysis/prediction/timers.ts";
import { fakeRun } from "../support/fake-run.ts";

const { plan } = fakeRun({ trials: 1, fate: () => "recovers" });
const arm = present(
  plan.experiment.arms.find(({ name }) => name === "kubernetes"),
  "an arm",
);
const predict = predicting(plan.inventory, plan.lab);

const renewal = (observed_ms: SpanMs): ControlPlaneEvent => ({
  kind: "lease-renewed",
  observed_ms,
  node: "worker1",
  instance: null,
  stamp: null,
  source: "watch",
  raw: null,
});

/** From which renewal a trial is predicted that is killed 300 s after the zero of its clock, give or take 1 s. */
async function countedOf(...renewals: readonly ControlPlaneEvent[]) {
  const told = await predict(
    {
      arm,
      victim: "worker1",
      timers: kubernetesTimers({ seed: 1, settings, now: 295, leaseAge: 4 }),
      renewals,
      killed_ms: [299_000, 301_000],
    },
    new AbortController().signal,
  );
  return typeof told === "string" ? told : told.renewed_ms;
}

describe("predicting", () => {
  it("says from which renewal it counts: the latest that may have come before the kill", async () => {
    const [first, last, after] = [
      [281_000, 281_050],
      [291_000, 291_050],
      [300_500, 300_600],
    ] as const;
    expect(await countedOf(renewal(first), renewal(last), renewal(after))).toEqual(last);
    expect(await countedOf()).toBeNull();
  });
});
