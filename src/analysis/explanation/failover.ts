import type { SpanMs } from "../../base/interval.ts";
import type {
  ClusterTimers,
  ControlPlaneEvent,
  ControlPlaneEventKind,
} from "../../model/cluster-facts.ts";
import type { TrialGrid, TrialInstants } from "../../model/trial-result.ts";

export type ProxmoxTimers = Extract<ClusterTimers, { readonly kind: "proxmox" }>;
export type KubernetesTimers = Extract<ClusterTimers, { readonly kind: "kubernetes" }>;

/** What the journal says of one failover, for its explanation. */
export interface Failover {
  readonly timers: ClusterTimers;
  readonly fault: SpanMs;
  readonly back: SpanMs;
  readonly instants: TrialInstants;
  readonly events: readonly ControlPlaneEvent[];
  readonly victim: string;
  /** Where the desktop answers again; null: nobody said. */
  readonly heir: string | null;
  readonly grid: TrialGrid;
  /** How late a lab may show what its twin did. */
  readonly lateness_ms: number;
}

/** The first event of a kind since the fault, about that node where one is given, as early as a lab may have shown it late. */
export function sightingOf(
  { events, fault, lateness_ms }: Failover,
  kind: ControlPlaneEventKind,
  node: string | null = null,
): SpanMs | null {
  const event = events.find(
    (each) =>
      each.kind === kind &&
      each.observed_ms[1] >= fault[0] &&
      (node === null || each.node === node),
  );
  if (event === undefined) return null;
  const [earliest, latest] = event.observed_ms;
  return [Math.max(fault[0], earliest - lateness_ms), latest];
}
