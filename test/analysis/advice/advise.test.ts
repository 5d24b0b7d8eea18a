import { describe, expect, it } from "vitest";
import {
  adviceInWords,
  expectedByRun,
  expectedByTwin,
} from "../../../src/analysis/advice/advise.ts";
import { expectedReach, trialsNeeded } from "../../../src/analysis/advice/trials-needed.ts";
import { drawsOf } from "../../../src/analysis/draws.ts";
import { medianInterval } from "../../../src/analysis/statistics/median-interval.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { arm } from "../../support/fake-study.ts";

const uniform = Array.from({ length: 201 }, (_, index) => index * 50);

describe("trialsNeeded", () => {
  it("needs six trials where all are alike, and more the more they spread", () => {
    expect(trialsNeeded([5000, 5000, 5000], 1)).toBe(6);
    expect(trialsNeeded(uniform, 5000)).toBeLessThan(trialsNeeded(uniform, 1000) ?? 0);
    expect(trialsNeeded(uniform, 1)).toBeNull();
  });

  it("gives for a uniform spread of 10 s what the normal approximation does", () => {
    // The median of n is known to 1.96 * 10 s / (2 sqrt(n)): ±1 s takes 96.
    expect(trialsNeeded(uniform, 1000)).toBeGreaterThan(90);
    expect(trialsNeeded(uniform, 1000)).toBeLessThan(101);
  });

  it("expects what intervals of simulated studies come to on average", () => {
    const draw = drawsOf(21, "reach");
    const widths = Array.from({ length: 500 }, () => {
      const sample = Array.from({ length: 12 }, () => draw() * 10_000);
      const [low, high] = medianInterval(sample) ?? [0, 0];
      return (high - low) / 2;
    });
    const average = widths.reduce((sum, width) => sum + width, 0) / widths.length;
    expect((expectedReach(uniform, 12) ?? 0) / average).toBeGreaterThan(0.97);
    expect((expectedReach(uniform, 12) ?? 0) / average).toBeLessThan(1.03);
    expect(expectedReach(uniform, 5)).toBeNull();
  });
});

describe("advice on the number of trials", () => {
  const random = new SeededRandom(1);
  const proxmox = { kind: "proxmox", settings: defaultProxmoxSettings } as const;

  it("is by the twin's own spread and the length of a trial", () => {
    const found = expectedByTwin(arm, proxmox, random);
    expect(found?.by).toBe("the twin's prediction");
    expect(found?.recoveries_ms.length).toBeGreaterThanOrEqual(30);
    for (const recovery of found?.recoveries_ms ?? []) {
      expect(recovery).toBeGreaterThan(110_000);
      expect(recovery).toBeLessThan(200_000);
    }
    expect(found?.trial_ms).toBeGreaterThan(200_000);
    expect(expectedByTwin(arm, proxmox, random)).toEqual(found);
  });

  it("is by the age of the Lease on Kubernetes, where the desktop is one", () => {
    const kubernetes = { kind: "kubernetes", settings: defaultKubernetesSettings } as const;
    const desktop = {
      kind: "kubernetes",
      namespace: "probe",
      image: "i",
      port: 6080,
      toleration_s: 1,
      page: "/",
      websocket: "/",
      reach: { kind: "node-port" },
      vnc_password: null,
    } as const;
    const found = expectedByTwin({ ...arm, desktop }, kubernetes, random);
    const recoveries = found?.recoveries_ms ?? [];
    // The monitor's pass and the Lease's age spread them over more than 10 s.
    expect(Math.max(...recoveries) - Math.min(...recoveries)).toBeGreaterThan(10_000);
    expect(expectedByTwin(arm, kubernetes, random)).toBeNull();
  });

  it("is not given for a fault that the twin does not predict", () => {
    const fault = { kind: "migrate", to: null, over: "api" } as const;
    expect(expectedByTwin({ ...arm, fault }, proxmox, random)).toBeNull();
  });

  it("is by an earlier run where one is named", () => {
    const run = fakeReport();
    const found = expectedByRun("kubernetes", run);
    expect(found).toMatchObject({ by: `run ${run.run}`, trial_ms: run.length_ms / 30 });
    expect(found?.recoveries_ms).toHaveLength(9);
    expect(expectedByRun("another", run)).toBeNull();
  });

  it("says how many trials, how long, and what the planned ones give", () => {
    const expected = { recoveries_ms: uniform, trial_ms: 205_000, by: "the twin's prediction" };
    expect(adviceInWords(expected, 2000, 10)).toBe(
      "for ±2 s of the median at 95 % about 21 trials are needed, 72 min; the 10 planned give about ±2.6 s (by the twin's prediction)",
    );
    expect(adviceInWords(expected, 2000, 5)).toContain("the 5 planned are too few for an interval");
    expect(adviceInWords(expected, 10, 5)).toContain("more than 1000 trials are needed");
  });
});
