import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ecdfDistance } from "../../../src/analysis/arm-reference.ts";
import { drawsOf } from "../../../src/analysis/draws.ts";
import { playProxmox } from "../../../src/analysis/explanation/hypotheses/play-proxmox.ts";
import { proxmoxHypotheses } from "../../../src/analysis/explanation/hypotheses/proxmox-hypotheses.ts";
import { rankHypotheses } from "../../../src/analysis/explanation/hypotheses/rank-hypotheses.ts";
import { referenceHypotheses } from "../../../src/analysis/explanation/hypotheses/reference-hypotheses.ts";
import { present } from "../../../src/base/assert.ts";
import type { Experiment, Reference } from "../../../src/model/experiment.ts";
import type { ReferenceHypotheses } from "../../../src/model/hypothesis.ts";
import { fakeExperiment } from "../../support/fake-experiment.ts";
import { forecastStart, forecastWorkerLoss } from "../../twin/proxmox/failover-formulas.ts";

const [, ...rows] = readFileSync("data/thesis-failover.csv", "utf8").trim().split("\n");
const column = (index: number): readonly number[] =>
  rows.map((row) => Number(row.split(",")[index]) * 1000);

const reference = (arm: string, values_ms: readonly number[]): Reference => ({
  title: `thesis, ${arm}`,
  arm,
  measure: "recovery",
  source: "data/thesis-failover.csv",
  values_ms,
});

const experimentWith = (references: readonly Reference[]): Experiment => ({
  ...fakeExperiment(1, 10),
  references,
});

const only = (references: readonly Reference[]): ReferenceHypotheses => {
  const all = referenceHypotheses(experimentWith(references));
  expect(all).toHaveLength(1);
  return present(all[0], "hypotheses");
};

/** Seconds of a failover by the formulas of the twin's tests, which were written apart. */
function forecast(draw: () => number, target: "idle" | "active", change: number): number {
  const { moved } = forecastWorkerLoss({
    lockAge: 10.038 * draw(),
    crmAge: 10.022 * draw(),
    change,
  });
  const lrmAge = (target === "idle" ? 5.0075 : 10.038) * draw();
  return forecastStart(moved + 0.03, { kind: target, lrmAge, change });
}

describe("playProxmox", () => {
  it.each(["idle", "active"] as const)(
    "plays failovers like those of the formulas that were written apart, with an %s target",
    (target) => {
      const [one, other] = [drawsOf(1, target), drawsOf(2, target)];
      const way = {
        nodes: 3,
        token_ms: 3000,
        token_coefficient_ms: 650,
        target,
        master: false,
      } as const;
      const played = Array.from({ length: 1000 }, () => playProxmox(way, one).ruled_ms / 1000);
      const foretold = Array.from({ length: 1000 }, () =>
        forecast(other, target, 8.03 - 0.69 * other()),
      );
      expect(ecdfDistance(played, foretold)).toBeLessThan(0.15);
      expect(Math.abs(mean(played) - mean(foretold))).toBeLessThan(1);
    },
  );
});

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

describe("rankHypotheses", () => {
  it("finds the way that values were made on most seeds, and rules it out on none", () => {
    const hypotheses = proxmoxHypotheses(1, 2000);
    const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
    const made =
      "seen on PVE's console, target's LRM idle, token 3000 + 650 ms, not the CRM master";
    const behind = seeds.map((seed) => {
      const draw = drawsOf(seed, "made");
      const values = Array.from({ length: 30 }, () =>
        Math.round(forecast(draw, "idle", 8.03 - 0.69 * draw()) + 0.3 + 2 * (draw() + draw() - 1)),
      );
      const ranked = rankHypotheses(
        hypotheses,
        values.map((value) => value * 1000),
        1000,
      );
      return present(
        ranked.find(({ name }) => name === made),
        made,
      ).less_likely;
    });
    expect(behind.filter((factor) => factor === 1).length).toBeGreaterThan(10);
    expect(Math.max(...behind)).toBeLessThan(100);
  });

  it("does not prefer a hypothesis for its freedom", () => {
    const played = [100_000, 101_000, 102_000].map((ruled_ms) => ({ ruled_ms, mode: "only" }));
    const [first, second] = rankHypotheses(
      [
        { name: "free", played, constants_ms: [0, 10_000, 20_000, 30_000] },
        { name: "bound", played, constants_ms: [0] },
      ],
      [100_000, 102_000],
      1000,
    );
    expect([first?.name, first?.less_likely]).toEqual(["bound", 1]);
    expect(second?.less_likely).toBeCloseTo(4, 1);
  });
});

describe("referenceHypotheses", () => {
  it("tells of the thesis's ten values of Proxmox VE which wait makes 134 s and which 144 s", () => {
    const told = only([
      reference("proxmox-guest", column(1)),
      { ...reference("proxmox-console", column(1)), title: "thesis, proxmox-guest" },
    ]);
    const [best, next] = told.ranked;
    expect(best).toMatchObject({
      name: "seen on PVE's console, target's LRM idle, token 3000 + 650 ms, not the CRM master",
      less_likely: 1,
    });
    expect(next?.less_likely).toBeGreaterThan(1);
    const [usual, late] = [
      "caught in the freeze, lock expired in time",
      "caught in the freeze, late by one round",
    ].map((name) =>
      present(
        best?.modes.find((mode) => mode.name === name),
        name,
      ),
    );
    expect(usual?.median_ms).toBeGreaterThan(132_500);
    expect(usual?.median_ms).toBeLessThan(134_500);
    expect(late?.median_ms).toBeGreaterThan(142_500);
    expect(late?.median_ms).toBeLessThan(144_500);
    expect([usual?.values, late?.values]).toEqual([8, 2]);
    const [first, ...rest] = told.text;
    expect(first).toMatch(
      /^Most consistent with the 10 values \(133 s \.\. 145 s\): seen on PVE's console/u,
    );
    expect(first).toMatch(/times as likely under it as under the next/u);
    expect(rest.join("\n")).toMatch(/agent lock had been renewed so shortly before the kill/u);
    expect(rest.at(-1)).toMatch(
      /^10 values without a logged cycle age cannot decide more: .* must log/u,
    );
    expect(told.assumed).toContain("3 nodes");
  });

  it("tells of its ten values of Kubernetes that the grace period made them", () => {
    const told = only([reference("kubernetes", column(2))]);
    expect(told.ranked[0]?.name).toBe("node-monitor-grace-period 40 s, image on the node");
    expect(told.ranked.at(-1)?.less_likely).toBeGreaterThan(20);
    expect(told.text.join("\n")).toContain("The wait is the grace period");
  });

  it("has none for other measures, other faults, or arms that are not there", () => {
    const values = column(1);
    const outage = { ...reference("proxmox-guest", values), measure: "outage" } as const;
    expect(referenceHypotheses(experimentWith([outage, reference("nobody", values)]))).toEqual([]);
    const experiment = experimentWith([reference("proxmox-guest", values)]);
    const arms = experiment.arms.map((arm) => ({
      ...arm,
      fault: { kind: "drain", over: "api" } as const,
    }));
    expect(referenceHypotheses({ ...experiment, arms })).toEqual([]);
  });

  it("says the same of the same values", () => {
    const references = [reference("proxmox-guest", column(1))];
    expect(only(references)).toEqual(only(references));
  });
});
