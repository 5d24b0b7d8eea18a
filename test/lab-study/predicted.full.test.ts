import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { labSpec, startTestLab } from "../support/lab-child.ts";
import type { Lab, Truth } from "../support/lab-study.ts";
import { studyOnLab, truthOf } from "../support/lab-study.ts";

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
      const truth = await truthOf(lab);
      const ages = trials.map((trial) => trueAgeMs(truth, trial));
      const quarters = new Set(ages.map((age_ms) => Math.floor(age_ms / 2500)));
      expect([...quarters], `ages ${ages.map(Math.round).join(" ")}`).toEqual(
        expect.arrayContaining([0, 1, 2, 3]),
      );
    },
  );
});

/** Of the victim's lock or Lease when it lost its power, by the twin. */
function trueAgeMs(truth: readonly Truth[], { victim, instants }: TrialResult): number {
  const [from] = present(instants.fault, "the fault");
  const died = truth.find(
    (event) => event.at_ms >= from - 1 && event.kind === "host" && event["node"] === victim,
  );
  const at_ms = present(died, `the loss of ${victim}`).at_ms;
  const renewed = truth.findLast(
    (event) =>
      event.at_ms <= at_ms &&
      (event["detail"] === `ha_agent_${victim}_lock`
        ? event["what"] === "lock-renewed"
        : event.kind === "lease-renewed" && event["node"] === victim),
  );
  return at_ms - present(renewed, `a renewal by ${victim}`).at_ms;
}

const inWords = ({ trial, durations_ms, prediction }: TrialResult): string =>
  `${trial}: ${JSON.stringify(durations_ms.recovery)} against ${JSON.stringify(prediction?.recovery_ms)}`;
