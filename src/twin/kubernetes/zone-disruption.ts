import type { KubeNode } from "./objects.ts";

export type ZoneState = "initial" | "normal" | "partial" | "full";

/** `--unhealthy-zone-threshold`. */
const UNHEALTHY_THRESHOLD = 0.55;
/** `--large-cluster-size-threshold`: smaller zones evict nothing while partially disrupted. */
const LARGE_ZONE = 50;
/** `--secondary-node-eviction-rate`, nodes per second. */
const SECONDARY_RATE = 0.01;

/** nlc ComputeZoneState, over whether each node of the zone is Ready. */
export function zoneStateOf(ready: readonly boolean[]): Exclude<ZoneState, "initial"> {
  const notReady = ready.filter((each) => !each).length;
  if (notReady > 0 && notReady === ready.length) return "full";
  return notReady > 2 && notReady / ready.length >= UNHEALTHY_THRESHOLD ? "partial" : "normal";
}

/** Nodes per second that a zone of this state may lose (nlc setLimiterInZone). */
export function evictionRate(
  state: Exclude<ZoneState, "initial">,
  zoneSize: number,
  rate: number,
): number {
  switch (state) {
    case "normal":
    case "full":
      return rate;
    case "partial":
      return zoneSize > LARGE_ZONE ? SECONDARY_RATE : 0;
  }
}

/** Region and failure zone of a node; one and the same for all nodes that bear neither label. */
export const zoneOf = (node: KubeNode): string =>
  ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"]
    .map((label) => node.metadata.labels?.[label] ?? "")
    .join(":");

/** Labelled nodes do not count (NodeDisruptionExclusion); control-plane nodes do. */
export const countsForDisruption = (node: KubeNode): boolean =>
  node.metadata.labels?.["node.kubernetes.io/exclude-disruption"] === undefined;
