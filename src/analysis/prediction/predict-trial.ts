import type { RangeMs, SpanMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import type { Random } from "../../contracts/random.ts";
import type { ClusterTimers, ControlPlaneEvent } from "../../model/cluster-facts.ts";
import { MOST_STARTS } from "../../model/cluster-facts.ts";
import type { DesktopSpec } from "../../model/experiment.ts";
import type { FaultSpec } from "../../model/fault-spec.ts";
import { defaultKubernetesSettings } from "../../model/kubernetes-settings.ts";
import type { Prediction } from "../../model/prediction.ts";
import type { Timing } from "../../model/survey.ts";
import { ageAt, latestRenewal } from "../cycle-age.ts";
import { killsTheMachine } from "../fault-nature.ts";
import { CLUSTER_DECIDES } from "./arm-scenes.ts";
import { whyFlapping } from "./flapping.ts";
import { whyTooFew } from "./no-failover.ts";
import { playKubernetes } from "./play-kubernetes.ts";
import type { OtherLrm } from "./play-proxmox.ts";
import { playProxmox } from "./play-proxmox.ts";
import type { Play } from "./played.ts";
import { predict } from "./played.ts";
import { asSeen } from "./seen-through.ts";

/** A pod that is Ready is not reached yet: endpoints and kube-proxy follow. */
const { endpoint_propagation_ms: FOLLOWS_MS } = defaultKubernetesSettings.assumed;
/** So many show the central 95 % to within a tenth of a second or two. */
export const FAILOVERS_OF_TRIAL = 300;

/** What is known of one trial's failover before it. */
export interface KnownOfTrial {
  /** What decides how long its cluster takes, and what is assumed of it. */
  readonly timing: Timing;
  readonly desktop: DesktopSpec;
  readonly fault: FaultSpec;
  readonly victim: string;
  /** As they were read just before the kill. */
  readonly timers: ClusterTimers;
  /** Of the victim's lease until it died; others tell nothing here. */
  readonly events: readonly ControlPlaneEvent[];
  /** Its middle stands for the kill: its doubt is in the measured recovery, which counts from it. */
  readonly killed: SpanMs;
}

/** How long the trial's failover takes by the twin; null where it does not play such a one. */
export function predictTrial(
  known: KnownOfTrial,
  random: Random,
  failovers = FAILOVERS_OF_TRIAL,
): Prediction | null {
  const play = playTrial(known);
  return typeof play === "string" ? null : predict(play, random, failovers);
}

/** Which renewal of the victim's Lease that counts from; null: the age that was read is all that is known. */
export const renewalCounted = ({
  events,
  killed,
}: Pick<KnownOfTrial, "events" | "killed">): SpanMs | null =>
  latestRenewal(events, middleMs(killed))?.observed_ms ?? null;

/** Plays the trial's failover; or why the twin does not. */
export function playTrial(known: KnownOfTrial): Play | string {
  if (!killsTheMachine(known.fault)) return CLUSTER_DECIDES;
  return known.timers.kind === "proxmox"
    ? proxmox(known, known.timers)
    : kubernetes(known, known.timers);
}

type Timers<Kind extends ClusterTimers["kind"]> = Extract<ClusterTimers, { readonly kind: Kind }>;

function proxmox(known: KnownOfTrial, timers: Timers<"proxmox">): Play | string {
  const { timing, desktop, victim, killed } = known;
  if (timing.kind !== "proxmox") return OTHER_KIND;
  const why = whyTooFew(timers.nodes);
  if (why !== null) return why;
  const { nodes, token_ms, token_coefficient_ms, lock_age_ms, crm_age_ms } = timers;
  return playProxmox({
    settings: asSeen(desktop, { ...timing.settings, nodes, token_ms, token_coefficient_ms }),
    master: timers.victim_is_master,
    lock_age_ms,
    crm_age_ms,
    lrms: otherLrms(timers, victim),
    since_ms: Math.max(0, middleMs(killed) - middleMs(timers.at_ms)),
  });
}

/** As PVE prefers them: the fewest services first, by name where they have as many. */
function otherLrms(
  { lrm_states, lrm_ages_ms, lrm_services = {}, fenced_nodes = [] }: Timers<"proxmox">,
  victim: string,
): readonly OtherLrm[] {
  const services = (node: string): number => lrm_services[node] ?? 0;
  return Object.entries(lrm_states)
    .filter(([node]) => node !== victim)
    .toSorted(([a], [b]) => services(a) - services(b) || (a < b ? -1 : 1))
    .map(([node, state]) => ({
      active: state === "active",
      hosts: services(node) > 0,
      fenced_before: fenced_nodes.includes(node),
      age_ms: lrm_ages_ms?.[node] ?? null,
    }));
}

const OTHER_KIND = "its timers are those of another kind of cluster";

function kubernetes(known: KnownOfTrial, timers: Timers<"kubernetes">): Play | string {
  const { timing, events, killed } = known;
  const at = middleMs(killed);
  const lease_age_ms = ageAt(timers, events, [at, at]);
  if (timing.kind !== "kubernetes") return OTHER_KIND;
  if (lease_age_ms === null) return "the age of the victim's Lease could not be read";
  const { node_monitor_period_ms, node_monitor_grace_ms, toleration_s } = timers;
  const { lease_duration_ms = timing.settings.lease_duration_ms } = timers;
  const settings = {
    ...timing.settings,
    node_monitor_period_ms,
    node_monitor_grace_ms,
    lease_duration_ms,
  };
  const why = whyFlapping(settings);
  if (why !== null) return why;
  return playKubernetes({
    settings,
    toleration_s,
    lease_age: { kind: "within", range_ms: lease_age_ms },
    starts_ms: startsOf(timers).map(([low, high]) => [low + FOLLOWS_MS, high + FOLLOWS_MS]),
  });
}

/** Journals of before starts were noted have the deployment's alone, and somewhat later ones all that the run had seen. */
const startsOf = ({ start_ms, starts_ms }: Timers<"kubernetes">): readonly RangeMs[] =>
  starts_ms?.slice(-MOST_STARTS) ?? (start_ms === null ? [] : [start_ms]);
