import { DateTime } from "luxon";
import { present } from "../../base/assert.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { between, inMs, milliseconds, minutes, sum } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import { EventQueue } from "../../twin/event-queue.ts";
import { createKubernetesTwin } from "../../twin/kubernetes/kubernetes-twin.ts";
import type { KubernetesSteps } from "./watch-kubernetes.ts";
import { watchKubernetes } from "./watch-kubernetes.ts";

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

/** Milliseconds since the last renewal. */
export interface SinceRenewal {
  readonly passes: readonly number[];
  readonly unknown: number;
  readonly evicted: number;
  readonly scheduled: number;
  readonly running: number;
  readonly answering: number;
}

/** A run has few settings; a what-if many, one after the other. */
const MOST_KEPT = 8;
/** By settings, then by randomness. */
const kept = new Map<string, Map<string, SinceRenewal>>();

/**
 * The failovers of a cluster with these settings, each fixed by its randomness and played once: what follows a renewal does not
 * depend on how old the Lease is when the node dies, so that all trials of a run share them. Null: the default toleration.
 */
export function failoversSinceRenewal(
  settings: KubernetesSettings,
  toleration_s: number | null,
): (random: Random) => SinceRenewal {
  const tolerated_s = toleration_s ?? settings.default_toleration_s;
  const failovers = keptFor(JSON.stringify([settings, tolerated_s]));
  return (random) => {
    // Two kinds of randomness may bear one seed, and draw differently.
    const key = `${random.seed} ${random.fork("key").next()}`;
    const known = failovers.get(key);
    if (known !== undefined) return known;
    const steps = play(settings, tolerated_s, random);
    failovers.set(key, steps);
    return steps;
  };
}

function keptFor(question: string): Map<string, SinceRenewal> {
  const known = kept.get(question) ?? new Map<string, SinceRenewal>();
  if (!kept.has(question) && kept.size >= MOST_KEPT) kept.clear();
  kept.set(question, known);
  return known;
}

function play(settings: KubernetesSettings, toleration_s: number, random: Random): SinceRenewal {
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
