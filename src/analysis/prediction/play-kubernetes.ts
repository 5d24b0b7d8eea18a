import type { RangeMs } from "../../base/interval.ts";
import { formatDuration, milliseconds } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import { leaseRenewalMs } from "../../model/kubernetes-settings.ts";
import { median } from "../quantile.ts";
import type { Play, Played } from "./played.ts";
import type { SinceRenewal } from "./since-renewal.ts";
import { failoversSinceRenewal } from "./since-renewal.ts";

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

/**
 * A kubelet sees that a container runs at its next relist, and that it answers at its next readiness probe: each once a
 * second, at a phase of its own in each start (1.20: `plegRelistPeriod` of pkg/kubelet/kubelet.go; pkg/kubelet/prober with our `periodSeconds`).
 */
const LOOK_MS = 1000;
/**
 * Up to so much of the first start in a run is none of what follows, as nothing was warm yet and the cluster may have been busy
 * with others: a share of it, and no more than that. Assumed, after nine runs on a real cluster in which the next start took 0.3 to
 * 1.6 times as long as the first (0.65 in the median), and 3 s less at most, of which the looks explain a part.
 */
const COLD = { share: 0.6, most_ms: 1800 };

/**
 * What follows a kill depends on the last renewal alone, so the twin begins with one, the node dies at once, and times count
 * from as much later as the Lease was old.
 */
export const playKubernetes = (question: KubernetesQuestion): Play => {
  const { settings, starts_ms } = question;
  const sinceRenewal = failoversSinceRenewal(settings, question.toleration_s);
  return (random) => {
    const [youngest, oldest] = endsOf(question, random.fork("lease age"));
    const steps = sinceRenewal(random);
    const start_ms = starts_ms.length === 0 ? null : again(starts_ms, random.fork("start"));
    const early = played(steps, { lease_age_ms: oldest, start_ms, settings });
    if (oldest === youngest) return [early];
    return [early, played(steps, { lease_age_ms: youngest, start_ms, settings })];
  };
};

/**
 * The median start once more. Where a start was known between two of our looks, it is as likely to have ended anywhere there;
 * the kubelets' looks came when they came, and this one's come at random again.
 */
function again(starts_ms: readonly RangeMs[], random: Random): number {
  const looks = (): number => LOOK_MS * (random.next() + random.next());
  const took = median(starts_ms.map(([low, high]) => low + (high - low) * random.next()));
  const cold =
    starts_ms.length === 1 ? Math.min(COLD.share * took, COLD.most_ms) * random.next() : 0;
  return Math.max(0, took - cold + looks() - median(starts_ms.map(looks)));
}

function endsOf({ lease_age, settings }: KubernetesQuestion, random: Random): RangeMs {
  if (lease_age.kind === "within") return lease_age.range_ms;
  const [low, high] = lease_age.range_ms ?? [0, leaseRenewalMs(settings)];
  const age = low + (high - low) * random.next();
  return [age, age];
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
