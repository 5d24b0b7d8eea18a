import { DateTime } from "luxon";
import { present } from "../../base/assert.ts";
import type { RangeMs } from "../../base/interval.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { between, formatDuration, inMs, milliseconds, minutes, sum } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import { leaseRenewalMs } from "../../model/kubernetes-settings.ts";
import { EventQueue } from "../../twin/event-queue.ts";
import { createKubernetesTwin } from "../../twin/kubernetes/kubernetes-twin.ts";
import { median } from "../quantile.ts";
import type { Play, Played } from "./played.ts";
import type { KubernetesSteps } from "./watch-kubernetes.ts";
import { watchKubernetes } from "./watch-kubernetes.ts";

/** What is known of a failover before it. */
export interface KubernetesQuestion {
  readonly settings: KubernetesSettings;
  /** Of the desktop's pod, for unreachable; null: the cluster's default. */
  readonly toleration_s: number | null;
  /** Of the victim's Lease at the kill. */
  readonly lease_age: LeaseAge;
  /** How long other pods of the same spec took, from bound to answering; none: as the settings assume, and probed at random. */
  readonly starts_ms: readonly RangeMs[];
}

type LeaseAge =
  /** It was read, and is no better known than that: both ends are played. */
  | { readonly kind: "within"; readonly range_ms: RangeMs }
  /** Each of these is as likely; null: of all that a kubelet lets it get. */
  | { readonly kind: "any"; readonly range_ms: RangeMs | null };

const NAME = "probe";
const VICTIM = "worker1";
/** Beside what the settings ask for. */
const LIMIT = minutes(30);
/** Of the monitor, beside those within the grace: to see the last renewal, to find the grace over, to taint. One to spare. */
const PASSES = 4;
/**
 * Whatever comes later than this between taint and eviction finds the cluster as it was: nothing that is still under way
 * then touches the pod. So a longer toleration is played this long, and what follows comes as much later.
 */
const PLAYED_TOLERATION_S = 1;
/**
 * A node that lives on renews its own Lease and nothing else, and the control plane may run anywhere but on the victim: one that
 * leads it takes the node monitor's memory with it (premises.ts). Two are needed: one to be lost, and one to go to, without
 * which the zone would count as lost (facts/kubernetes.md 1).
 */
const PLAYED_NODES = { control_plane_nodes: 0, workers: 2 } as const;
/**
 * A kubelet sees that a container runs at its next relist, and that it answers at its next readiness probe: each once a
 * second, at a phase of its own in each start (1.20: `plegRelistPeriod` of pkg/kubelet/kubelet.go; pkg/kubelet/prober with our `periodSeconds`).
 */
const LOOK_MS = 1000;
/**
 * The first start in a run may have been so much slower than what follows, as nothing was warm yet. Assumed, after a real
 * cluster whose first starts were up to 1.6 s slower than later ones, of which the looks explain a part.
 */
const COLD_MS = 1500;

/**
 * What follows a kill depends on the last renewal alone, so the twin begins with one, the node dies at once, and times count
 * from as much later as the Lease was old.
 */
export const playKubernetes =
  (question: KubernetesQuestion): Play =>
  (random) => {
    const { settings, starts_ms } = question;
    const [youngest, oldest] = endsOf(question, random.fork("lease age"));
    const steps = sinceRenewal(question, random);
    const start_ms = starts_ms.length === 0 ? null : again(starts_ms, random.fork("start"));
    const early = played(steps, { lease_age_ms: oldest, start_ms, settings });
    if (oldest === youngest) return [early];
    return [early, played(steps, { lease_age_ms: youngest, start_ms, settings })];
  };

/**
 * The median start once more. Where a start was known between two of our looks, it is as likely to have ended anywhere there;
 * the kubelets' looks came when they came, and this one's come at random again.
 */
function again(starts_ms: readonly RangeMs[], random: Random): number {
  const looks = (): number => LOOK_MS * (random.next() + random.next());
  const took = median(starts_ms.map(([low, high]) => low + (high - low) * random.next()));
  const cold = starts_ms.length === 1 ? Math.min(COLD_MS, took / 2) * random.next() : 0;
  return Math.max(0, took - cold + looks() - median(starts_ms.map(looks)));
}

function endsOf({ lease_age, settings }: KubernetesQuestion, random: Random): RangeMs {
  if (lease_age.kind === "within") return lease_age.range_ms;
  const [low, high] = lease_age.range_ms ?? [0, leaseRenewalMs(settings)];
  const age = low + (high - low) * random.next();
  return [age, age];
}

/** Milliseconds since the last renewal. */
interface SinceRenewal {
  readonly passes: readonly number[];
  readonly unknown: number;
  readonly evicted: number;
  readonly scheduled: number;
  readonly running: number;
  readonly answering: number;
}

interface Known {
  readonly lease_age_ms: number;
  /** Null: as it was played. */
  readonly start_ms: number | null;
  readonly settings: KubernetesSettings;
}

function played(steps: SinceRenewal, { lease_age_ms, start_ms, settings }: Known): Played {
  const { unknown, evicted, scheduled, running, answering } = steps;
  const isPlayed = start_ms === null;
  return {
    recovery_ms: (isPlayed ? answering : evicted + start_ms) - lease_age_ms,
    phases_ms: {
      detection: unknown - lease_age_ms,
      fencing: evicted - unknown,
      placement: scheduled - evicted,
      start: isPlayed ? running - scheduled : null,
      service: isPlayed ? answering - running : null,
    },
    mode: modeOf(steps, lease_age_ms, settings),
  };
}

function modeOf(
  { passes, unknown }: SinceRenewal,
  lease_age_ms: number,
  { node_monitor_grace_ms }: KubernetesSettings,
): Played["mode"] {
  const count = passes.filter((pass) => pass > lease_age_ms && pass <= unknown).length;
  const grace = formatDuration(milliseconds(node_monitor_grace_ms));
  return {
    name: `monitor pass ${count} after the kill`,
    why: `it is the first that comes more than ${grace} (node-monitor-grace-period) after the pass that saw the last renewal of the Lease, and calls the node Unknown`,
  };
}

function sinceRenewal(question: KubernetesQuestion, random: Random): SinceRenewal {
  const { settings } = question;
  const toleration_s = question.toleration_s ?? settings.default_toleration_s;
  const played_s = Math.min(toleration_s, PLAYED_TOLERATION_S);
  const queue = new EventQueue();
  const desktop = { namespace: NAME, name: NAME, tolerationSeconds: played_s };
  const twin = createKubernetesTwin({
    settings: { ...settings, ...PLAYED_NODES },
    scheduler: queue,
    random: random.fork("twin"),
    wallOrigin: ANY_DAY,
    writesEvents: false,
    standing: { desktop, node: VICTIM },
  });
  const renewed = queue.now();
  const [pod] = twin.store.pods.all().filter(({ metadata }) => metadata.namespace === NAME);
  const steps = watchKubernetes(twin, present(pod, "the desktop's pod").metadata.name);
  twin.powerOff(VICTIM);
  queue.runUntil(() => steps.answering !== null, patienceWith(settings));
  return fromRenewal(renewed, steps, toleration_s - played_s);
}

const ANY_DAY = DateTime.fromMillis(0, { zone: "utc" });

/** Longer than any failover with these settings. */
const patienceWith = ({
  node_monitor_period_ms,
  node_monitor_grace_ms,
  assumed,
}: KubernetesSettings): Duration =>
  sum(
    LIMIT,
    milliseconds(node_monitor_grace_ms + PASSES * node_monitor_period_ms),
    milliseconds(assumed.schedule_ms + assumed.container_start_ms + assumed.desktop_start_ms),
    milliseconds(assumed.endpoint_propagation_ms),
  );

function fromRenewal(renewed: Instant, steps: KubernetesSteps, notPlayed_s: number): SinceRenewal {
  const since = (at: Instant | null): number =>
    inMs(between(renewed, present(at, "the twin's next step")));
  const afterToleration = (at: Instant | null): number => since(at) + 1000 * notPlayed_s;
  return {
    passes: steps.passes.map(since),
    unknown: since(steps.unknown),
    evicted: afterToleration(steps.evicted),
    scheduled: afterToleration(steps.scheduled),
    running: afterToleration(steps.running),
    answering: afterToleration(steps.answering),
  };
}
