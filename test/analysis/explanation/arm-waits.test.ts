import { expect, test } from "vitest";
import { armWaits } from "../../../src/analysis/explanation/arm-waits.ts";
import type { TrialResult } from "../../../src/model/trial-result.ts";
import { trialResult } from "../trials.ts";
import { explanationOf, proxmoxTimers, toldTrial } from "./told-trial.ts";

const explained = (heir: string, started: number): TrialResult => {
  const told = toldTrial({
    timers: proxmoxTimers(),
    victim: "pve2",
    heir,
    seen: [
      ["membership-lost", 8],
      ["node-lost", 9.9],
      ["fencing-started", 60],
      ["fenced", 130.2],
      ["node-chosen", 130.2],
      ["instance-started", started],
    ],
    back: 150,
  });
  return { ...told.trial, explanation: explanationOf(told) };
};

test("armWaits gives each wait's median, and every setting that owned it, in their order", () => {
  const waits = armWaits([
    trialResult(),
    explained("pve1", 131.2),
    explained("pve1", 132.2),
    explained("pve3", 138.2),
  ]);
  expect(waits.map(({ name }) => name)).toEqual([
    "corosync membership",
    "CRM round",
    "fence delay",
    "agent lock",
    "unlocking round",
    "taking round",
    "recovery and move",
    "target LRM",
    "QEMU and guest boot",
    "probe",
  ]);
  expect(waits.find(({ name }) => name === "target LRM")).toMatchObject({
    n: 3,
    min_ms: expect.closeTo(1000, 3) as number,
    median_ms: expect.closeTo(2000, 3) as number,
    max_ms: expect.closeTo(8000, 3) as number,
    setting: "LRM of the target = idle or active",
    shorten: "a target without HA services of its own, whose LRM looks every 5 s",
    within: null,
  });
  expect(waits.find(({ name }) => name === "fence delay")?.within).toBe("agent lock");
});

test("armWaits has nothing to say of trials without an explanation", () => {
  expect(armWaits([trialResult()])).toEqual([]);
});
