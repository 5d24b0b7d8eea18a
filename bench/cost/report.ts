import { fixed } from "../../src/reporters/format.ts";
import type { Check } from "../report/check.ts";
import { count } from "../report/figures.ts";
import type { Cost, DepthCost, Spread, WatchCost } from "../report/results.ts";
import type { Table } from "../report/table.ts";

/** What is promised for so many desktops at full depth, one attempt per second each, on one core (issue 5). */
const PROMISED = { desktops: 1000, lateness_p99_ms: 50, latency_p99_ms: 500, rss_mb: 400 } as const;

export function costTables(cost: Cost): readonly Table[] {
  const where = cost.pinned
    ? "One process on one core; the desktops are played on another."
    : "Not pinned to cores: there was but one, or no taskset.";
  return [
    {
      title: "Desktops at depth frame, one attempt per second each",
      columns: [
        "desktops",
        "attempts",
        "bad",
        "unobserved",
        "late, ms",
        "attempt, ms",
        "core",
        "memory, MB",
        "per desktop, kB",
      ],
      rows: cost.watches.map(watchRow),
      notes: [
        `Memory per desktop holds what the first attempts load and compile, too. Lateness and latency as median / 99th percentile / largest. ${where}`,
      ],
    },
    {
      title: "What an attempt costs, by its depth",
      columns: ["depth", "attempts", "failed", "processor time each, ms", "per second and core"],
      rows: cost.depths.map(depthRow),
      notes: [
        "32 attempts at once, one after the other without a pause. User and system time of the prober's process.",
      ],
    },
  ];
}

const spread = ({ p50, p99, max }: Spread): string =>
  [p50, p99, max].map((value) => fixed(value, 1)).join(" / ");

const watchRow = (cost: WatchCost): readonly string[] => [
  count(cost.desktops),
  count(cost.samples),
  count(cost.bad),
  count(cost.unobserved),
  spread(cost.lateness_ms),
  spread(cost.latency_ms),
  `${fixed(100 * cost.cpu_share, 0)} %`,
  fixed(cost.rss_mb, 0),
  fixed((1000 * (cost.rss_mb - cost.rss_before_mb)) / cost.desktops, 0),
];

const depthRow = (cost: DepthCost): readonly string[] => [
  cost.depth,
  count(cost.attempts),
  count(cost.failed),
  fixed(cost.cpu_ms / cost.attempts, 2),
  count(Math.round((1000 * cost.attempts) / cost.cpu_ms)),
];

export const costChecks = ({ watches }: Cost): readonly Check[] =>
  watches
    .filter(({ desktops }) => desktops === PROMISED.desktops)
    .flatMap(({ desktops, lateness_ms, latency_ms, rss_mb }) => [
      {
        text: `${desktops} desktops: 99th percentile of lateness ${fixed(lateness_ms.p99, 1)} ms (below ${PROMISED.lateness_p99_ms} ms)`,
        ok: lateness_ms.p99 < PROMISED.lateness_p99_ms,
      },
      {
        text: `${desktops} desktops: 99th percentile of an attempt ${fixed(latency_ms.p99, 1)} ms (below ${PROMISED.latency_p99_ms} ms)`,
        ok: latency_ms.p99 < PROMISED.latency_p99_ms,
      },
      {
        text: `${desktops} desktops: ${fixed(rss_mb, 0)} MB resident (below ${PROMISED.rss_mb} MB)`,
        ok: rss_mb < PROMISED.rss_mb,
      },
    ]);
