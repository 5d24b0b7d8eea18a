import { formatDuration, milliseconds } from "../base/time.ts";
import type { ClusterTimers } from "../model/cluster-facts.ts";
import type { JournalRecord } from "../model/journal.ts";
import type { ClusterSetting } from "../model/run-report.ts";
import { recordsByTrial, firstOf, lastOf } from "./trial-facts.ts";

/** What decides how long a failover takes on that cluster, as it was read last before a kill. */
export function clusterSettings(
  records: readonly JournalRecord[],
  cluster: string,
): readonly ClusterSetting[] {
  const read = [...recordsByTrial(records).values()].flatMap((own) => {
    const timers = lastOf(own, "timers")?.timers;
    return firstOf(own, "trial-started")?.cluster === cluster && timers !== undefined
      ? [timers]
      : [];
  });
  const last = read.at(-1);
  return last === undefined ? [] : settingsIn(last);
}

function settingsIn(timers: ClusterTimers): readonly ClusterSetting[] {
  const source = timers.settings_by ?? "inventory";
  if (timers.kind === "proxmox") {
    return [
      { name: "nodes", value: String(timers.nodes), source: "cluster" },
      { name: "totem.token", value: inWords(timers.token_ms), source },
      { name: "totem.token_coefficient", value: inWords(timers.token_coefficient_ms), source },
    ];
  }
  const { lease_duration_ms, toleration_s } = timers;
  return [
    { name: "node-monitor-period", value: inWords(timers.node_monitor_period_ms), source },
    { name: "node-monitor-grace-period", value: inWords(timers.node_monitor_grace_ms), source },
    ...(lease_duration_ms === undefined
      ? []
      : [fromCluster("lease duration", inWords(lease_duration_ms))]),
    ...(toleration_s === null
      ? []
      : [fromCluster("tolerationSeconds of the desktop", inWords(1000 * toleration_s))]),
  ];
}

const fromCluster = (name: string, value: string): ClusterSetting => ({
  name,
  value,
  source: "cluster",
});

const inWords = (ms: number): string => formatDuration(milliseconds(ms));
