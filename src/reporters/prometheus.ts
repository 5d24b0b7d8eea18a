import { DateTime } from "luxon";
import { Gauge, Registry } from "prom-client";
import { plainText } from "../base/plain-text.ts";
import { phases, statisticNames } from "../model/experiment.ts";
import type { ArmReport, MeasureStatistics, RunReport } from "../model/run-report.ts";
import type { Reporter } from "./reporter.ts";
import { statisticsOf } from "./statistics-of.ts";

/** For node_exporter's textfile collector: the last run of an experiment as gauges, without time stamps, which it refuses. */
export const prometheus: Reporter = async function* ({ report }) {
  const registry = new Registry();
  for (const [name, { help, labels, values }] of Object.entries(metrics)) {
    const gauge = new Gauge<string>({ name, help, labelNames: [...labels], registers: [registry] });
    for (const [own, value] of values(report)) gauge.set(labelled(labels, own), value);
  }
  yield { path: "metrics.prom", content: await registry.metrics() };
};

interface Metric {
  /** What a reader of the metrics sees of it; docs/formats.md says the same. */
  readonly help: string;
  readonly labels: readonly string[];
  readonly values: (report: RunReport) => readonly Value[];
}

/** The labels' values, in their order. */
type Value = readonly [labels: readonly string[], value: number];

const labelled = (
  labels: readonly string[],
  values: readonly string[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(labels.map((label, index) => [label, plainText(values[index] ?? "")]));

const ofArm = ["experiment", "arm", "cluster"] as const;

/** Every metric by its name. One may come, and none may go or change its labels. */
export const metrics: Readonly<Record<string, Metric>> = {
  blackout_recovery_seconds: {
    help: "Fault to the desktop answering again, over the recovered trials of the last run",
    labels: [...ofArm, "statistic"],
    values: (report) => statisticsAll(report, "recovery"),
  },
  blackout_recovery_median_interval_seconds: {
    help: "95 % interval of the median recovery",
    labels: [...ofArm, "bound"],
    values: (report) =>
      report.arms.flatMap((arm): readonly Value[] => {
        const interval = statisticsOf(arm, "recovery")?.median_interval_ms ?? null;
        if (interval === null) return [];
        const labels = labelsOf(report, arm);
        return [
          [[...labels, "low"], inSeconds(interval[0])],
          [[...labels, "high"], inSeconds(interval[1])],
        ];
      }),
  },
  blackout_outage_seconds: {
    help: "Last good answer to the first of the good ones that last, over the recovered trials of the last run",
    labels: [...ofArm, "statistic"],
    values: (report) => statisticsAll(report, "outage"),
  },
  blackout_phase_seconds: {
    help: "One phase of the recovery: detection, fencing, placement, start or service",
    labels: [...ofArm, "phase", "statistic"],
    values: (report) =>
      report.arms.flatMap((arm) =>
        phases.flatMap((phase) =>
          statisticValues(statisticsOf(arm, phase)).map(([statistic, value]): Value => [
            [...labelsOf(report, arm), phase, statistic],
            value,
          ]),
        ),
      ),
  },
  blackout_trials: {
    help: "Trials of the last run by their outcome",
    labels: [...ofArm, "outcome"],
    values: (report) =>
      report.arms.flatMap((arm) =>
        Object.entries(arm.outcomes).map(([outcome, trials]): Value => [
          [...labelsOf(report, arm), outcome],
          trials,
        ]),
      ),
  },
  blackout_verdict: {
    help: "Verdict of the last run: 1 for the one that it has, 0 for the others",
    labels: ["experiment", "verdict"],
    values: ({ experiment, verdict }) =>
      (["pass", "fail", "inconclusive"] as const).map((each): Value => [
        [experiment.name, each],
        each === verdict.name ? 1 : 0,
      ]),
  },
  blackout_restored: {
    help: "1: the last run left its clusters as they were; 0: it did not, or nobody knows",
    labels: ["experiment"],
    values: ({ experiment, end }) => [
      [[experiment.name], end === null || end === "not-restored" ? 0 : 1],
    ],
  },
  blackout_run_info: {
    help: "Always 1; which run it is that the other metrics tell of",
    labels: ["experiment", "run", "version", "end"],
    values: ({ experiment, run, tool, end }) => [[[experiment.name, run, tool, end ?? "none"], 1]],
  },
  blackout_last_run_timestamp_seconds: {
    help: "When the last run ended, in seconds since 1970",
    labels: ["experiment"],
    values: ({ experiment, ended_wall }) => {
      const ended = DateTime.fromISO(ended_wall ?? "");
      return ended.isValid ? [[[experiment.name], ended.toSeconds()]] : [];
    },
  },
};

const labelsOf = ({ experiment }: RunReport, { name, cluster }: ArmReport): readonly string[] => [
  experiment.name,
  name,
  cluster,
];

const statisticsAll = (report: RunReport, measure: "recovery" | "outage"): readonly Value[] =>
  report.arms.flatMap((arm) =>
    statisticValues(statisticsOf(arm, measure)).map(([statistic, value]): Value => [
      [...labelsOf(report, arm), statistic],
      value,
    ]),
  );

/** In seconds; only what there is. A percentile of so few trials that it is labelled "largest of n" is none: that is in `max`. */
const statisticValues = (
  statistics: MeasureStatistics | null,
): readonly (readonly [string, number])[] =>
  statistics === null
    ? []
    : [
        ...statisticNames.map((name) => [name, statistics.values_ms[name]] as const),
        ["sd", statistics.sd_ms] as const,
      ].flatMap(([name, value]) =>
        value === null || value.label !== null ? [] : [[name, inSeconds(value.value_ms)] as const],
      );

/** To the millisecond. */
const inSeconds = (ms: number): number => Math.round(ms) / 1000;
