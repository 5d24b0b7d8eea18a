import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { labSpec, startTestLab } from "../support/lab-child.ts";
import type { Lab } from "../support/lab-study.ts";
import { studyOnLab } from "../support/lab-study.ts";

const TRIALS = 20;

const experiment = (arm: string): string => `
title: each trial against its own prediction
seed: 11
defaults:
  trials: ${TRIALS}
  fault: { kind: power, action: off, over: ipmi }
arms:
${arm}
acceptance: [lost == 0]
`;

const arms = {
  proxmox: `  proxmox:
    cluster: lab-pve
    desktop: { kind: proxmox, source: { kind: clone, template: 9000 }, reach: guest }
    placement: not-crm-master
    when: { lock_age: sweep 0s..10s }`,
  kubernetes: `  kubernetes:
    cluster: lab-k8s
    desktop: { kind: kubernetes, image: "registry.example/novnc-desktop:1", toleration: 1s, reach: ingress }
    when: { lease_age: sweep 0s..10s }`,
} as const;

describe("twenty trials that sweep the cycle", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startTestLab(await labSpec());
  }, 120_000);
  afterAll(async () => {
    await lab.stop();
  });

  it.each(Object.entries(arms))(
    "lie in their own predictions, and cover it: %s",
    async (_, arm) => {
      const { trials, finished } = await studyOnLab(lab, experiment(arm), undefined, 600_000);
      expect(finished.code, `said ${finished.err}`).toBe(0);
      const outside = trials.filter(({ prediction }) => prediction?.inside !== true);
      expect(outside.length, `outside: ${outside.map(inWords).join("\n")}`).toBeLessThanOrEqual(
        0.05 * TRIALS,
      );
      // A lab at 60 times the speed may strike some of its seconds late, but not all of them at one age.
      const ages = trials.map(({ cycle_age }) => Math.floor((cycle_age?.age_ms[0] ?? 0) / 2500));
      expect(new Set(ages).size).toBeGreaterThanOrEqual(4);
    },
  );
});

const inWords = ({ trial, durations_ms, prediction }: TrialResult): string =>
  `${trial}: ${JSON.stringify(durations_ms.recovery)} against ${JSON.stringify(prediction?.recovery_ms)}`;
