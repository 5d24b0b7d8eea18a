import { describe, expect, it } from "vitest";
import {
  adviceInWords,
  expectedByRun,
  expectedByTwin,
} from "../../../src/analysis/advice/advise.ts";
import { trialErrorMs } from "../../../src/analysis/advice/trial-error.ts";
import { expectedReach, trialsNeeded } from "../../../src/analysis/advice/trials-needed.ts";
import { drawsOf } from "../../../src/analysis/draws.ts";
import { measureValues } from "../../../src/analysis/measure-values.ts";
import { mean } from "../../../src/analysis/quantile.ts";
import { medianInterval } from "../../../src/analysis/statistics/median-interval.ts";
import { milliseconds, zero } from "../../../src/base/time.ts";
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
  const floor = { period: zero, lateness: zero };
  const study = { random: new SeededRandom(1), floor };
  const proxmox = { kind: "proxmox", settings: defaultProxmoxSettings } as const;

  it("is by the twin's own spread and the length of a trial", () => {
    const found = expectedByTwin(arm, proxmox, study);
    expect(found?.by).toBe("the twin's prediction");
    expect(found?.recoveries_ms.length).toBeGreaterThanOrEqual(30);
    for (const recovery of found?.recoveries_ms ?? []) {
      expect(recovery).toBeGreaterThan(110_000);
      expect(recovery).toBeLessThan(200_000);
    }
    expect(found?.trial_ms).toBeGreaterThan(200_000);
    expect(expectedByTwin(arm, proxmox, study)).toEqual(found);
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
    const found = expectedByTwin({ ...arm, desktop }, kubernetes, study);
    const recoveries = found?.recoveries_ms ?? [];
    // The monitor's pass and the Lease's age spread them over more than 10 s.
    expect(Math.max(...recoveries) - Math.min(...recoveries)).toBeGreaterThan(10_000);
    expect(expectedByTwin(arm, kubernetes, study)).toBeNull();
  });

  it("is not given for a fault that the twin does not predict", () => {
    const fault = { kind: "migrate", to: null, over: "api" } as const;
    expect(expectedByTwin({ ...arm, fault }, proxmox, study)).toBeNull();
  });

  it("is by an earlier run where one is named", () => {
    const run = fakeReport();
    const found = expectedByRun("kubernetes", run);
    expect(found).toMatchObject({ by: `run ${run.run}`, trial_ms: run.length_ms / 30 });
    expect(found?.recoveries_ms).toHaveLength(9);
    const { values_ms } = measureValues(
      run.trials.filter((trial) => trial.arm === "kubernetes"),
      "recovery",
    );
    const widths = values_ms.map(([low, high]) => high - low);
    expect(found?.error_ms).toBeCloseTo(mean(widths) / 2, 9);
    expect(expectedByRun("another", run)).toBeNull();
  });

  it("says how many trials, how long, and what the planned ones give", () => {
    const by = "the twin's prediction";
    const expected = { recoveries_ms: uniform, trial_ms: 205_000, error_ms: 0, by };
    expect(adviceInWords(expected, 2000, 10)).toBe(
      "for ±2 s of the median at 95 % about 21 trials are needed, 72 min; the 10 planned give about ±2.6 s (by the twin's prediction)",
    );
    expect(adviceInWords(expected, 2000, 5)).toContain("the 5 planned are too few for an interval");
    expect(adviceInWords(expected, 10, 5)).toContain("more than 1000 trials are needed");
    expect(adviceInWords(expected, 2000, 1075)).toMatch(
      /the 1075 planned give about ±(29|30)\d ms/u,
    );
  });

  it("counts in what each trial leaves open, which no number of trials makes less", () => {
    const by = "the twin's prediction";
    const expected = { recoveries_ms: uniform, trial_ms: 205_000, error_ms: 225, by };
    expect(adviceInWords(expected, 100, 10)).toBe(
      "for ±100 ms of the median at 95 % no number of trials is enough, as each is known to ±225 ms only; the 10 planned give about ±2.8 s (by the twin's prediction)",
    );
    const [exact, blurred] = [{ ...expected, error_ms: 0 }, expected].map((each) =>
      adviceInWords(each, 1225, 10),
    );
    expect(exact).toContain(`about ${trialsNeeded(uniform, 1225)} trials`);
    expect(blurred).toContain(`about ${trialsNeeded(uniform, 1000)} trials`);
  });

  it("knows what a trial leaves open: the fault's span, the grid's period, and a lab's floors", () => {
    const desktop = {
      ...arm.desktop,
      kind: "proxmox",
      source: { kind: "existing", vmid: 100 },
      reach: { kind: "guest", address: null, port: 6080, page: "/", websocket: "/" },
    } as const;
    const guest = { ...arm, desktop };
    expect(trialErrorMs(guest, floor)).toBe((200 + 250) / 2);
    // PVE's console is asked once a second at most.
    expect(trialErrorMs(arm, floor)).toBe((200 + 1000) / 2);
    const lab = { period: milliseconds(1200), lateness: milliseconds(300) };
    expect(trialErrorMs(guest, lab)).toBe((200 + 1200 + 2 * 300) / 2);
    expect(expectedByTwin(guest, proxmox, study)?.error_ms).toBe(225);
  });
});
