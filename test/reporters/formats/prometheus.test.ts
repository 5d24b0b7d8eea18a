import parse from "parse-prometheus-text-format";
import { expect, test } from "vitest";
import type { RunReport } from "../../../src/model/run-report.ts";
import { metrics, prometheus } from "../../../src/reporters/prometheus.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { filesOf, inputFor } from "../../support/report-input.ts";
import { emptyReport } from "../empty-report.ts";
import { hostileReport } from "../hostile-report.ts";

async function read(report: RunReport) {
  const [file] = await filesOf(prometheus, inputFor(report));
  const text = file?.bytes.toString() ?? "";
  return { text, families: parse(text) };
}

const valueOf = (
  { families }: Awaited<ReturnType<typeof read>>,
  name: string,
  labels: Readonly<Record<string, string>>,
): number | null => {
  const found = families
    .find((family) => family.name === name)
    ?.metrics.find((metric) =>
      Object.entries(labels).every(([label, value]) => metric.labels?.[label] === value),
    );
  return found === undefined ? null : Number(found.value);
};

test("metrics.prom tells recovery, phases, outcomes and verdict of the run, in seconds", async () => {
  const report = fakeReport();
  const found = await read(report);
  expect(found.families.map(({ name }) => name)).toEqual(Object.keys(metrics));
  expect(new Set(found.families.map(({ type }) => type))).toEqual(new Set(["GAUGE"]));
  const arm = { experiment: "thesis-failover", arm: "kubernetes", cluster: "lab-k8s" };
  const recovery = report.arms[2]?.statistics[0];
  expect(valueOf(found, "blackout_recovery_seconds", { ...arm, statistic: "median" })).toBeCloseTo(
    (recovery?.values_ms.median?.value_ms ?? 0) / 1000,
    3,
  );
  const interval = "blackout_recovery_median_interval_seconds";
  expect(valueOf(found, interval, { ...arm, bound: "low" })).toBeCloseTo(
    (recovery?.median_interval_ms?.[0] ?? 0) / 1000,
    3,
  );
  const phase = { ...arm, phase: "detection", statistic: "max" };
  expect(valueOf(found, "blackout_phase_seconds", phase)).toBeGreaterThan(30);
  expect(valueOf(found, "blackout_trials", { ...arm, outcome: "censored" })).toBe(1);
  expect(valueOf(found, "blackout_verdict", { verdict: "inconclusive" })).toBe(1);
  expect(valueOf(found, "blackout_verdict", { verdict: "pass" })).toBe(0);
  expect(valueOf(found, "blackout_restored", {})).toBe(1);
  expect(valueOf(found, "blackout_run_info", { run: report.run })).toBe(1);
  expect(valueOf(found, "blackout_last_run_timestamp_seconds", {})).toBe(
    Date.parse(report.ended_wall ?? "") / 1000,
  );
});

test("metrics.prom has no percentile that is no more than the largest of few trials", async () => {
  const arms = fakeReport().arms.map((arm, index) => ({
    ...arm,
    statistics: arm.statistics.map((each) => ({
      ...each,
      values_ms: {
        ...each.values_ms,
        p90: { value_ms: 150_000, range_ms: [149_000, 151_000] as const, label: null },
        p95: {
          value_ms: 160_000,
          range_ms: [159_000, 161_000] as const,
          label: index === 0 ? "largest of 29" : null,
        },
      },
    })),
  }));
  const found = await read(fakeReport({ arms }));
  for (const name of ["blackout_recovery_seconds", "blackout_outage_seconds"]) {
    const of = (arm: string, statistic: string): number | null =>
      valueOf(found, name, { arm, statistic });
    expect([of("proxmox-guest", "p90"), of("proxmox-guest", "p95")]).toEqual([150, null]);
    expect([of("kubernetes", "p90"), of("kubernetes", "p95")]).toEqual([150, 160]);
    expect(of("proxmox-guest", "max")).not.toBe(null);
  }
});

test("metrics.prom of a run without end says that nobody knows whether its clusters are restored", async () => {
  const found = await read(emptyReport());
  expect(valueOf(found, "blackout_restored", {})).toBe(0);
  expect(valueOf(found, "blackout_run_info", { end: "none" })).toBe(1);
  expect(valueOf(found, "blackout_last_run_timestamp_seconds", {})).toBe(null);
  expect(valueOf(found, "blackout_recovery_seconds", {})).toBe(null);
});

test("no line of metrics.prom has a time stamp, which the textfile collector refuses", async () => {
  const { text } = await read(hostileReport());
  for (const line of text.split("\n")) {
    expect(line).toMatch(/^(?:|#.*|[a-z_]+\{.*\} [\d.e+-]+)$/u);
  }
});
