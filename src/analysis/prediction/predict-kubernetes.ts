import { DateTime } from "luxon";
import { present } from "../../base/assert.ts";
import type { RangeMs } from "../../base/interval.ts";
import { after, between, inMs, milliseconds, minutes, seconds, sum } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import { EventQueue } from "../../twin/event-queue.ts";
import { createDesktop } from "../../twin/kubernetes/desktop.ts";
import { createKubernetesTwin } from "../../twin/kubernetes/kubernetes-twin.ts";
import type { TwinEvent } from "../../twin/kubernetes/twin-event.ts";
import type { Played, Prediction } from "./prediction.ts";
import { spreadOf } from "./prediction.ts";
import { watchTwin } from "./twin-watch.ts";

/** What is known of a failover before it. */
export interface KubernetesQuestion {
  readonly settings: KubernetesSettings;
  /** Of the desktop's pod, for unreachable; null: the cluster's default. */
  readonly toleration_s: number | null;
  /** Age of the victim's Lease at the kill; null: any that a kubelet lets it get. */
  readonly lease_age_ms: RangeMs | null;
  /** From the new pod being created to the desktop answering; null: as the settings assume, and probed at random. */
  readonly start_ms: RangeMs | null;
}

/** A quarter of the Lease's duration (pkg/kubelet/kubelet.go:790). */
const RENEWALS_PER_LEASE = 4;
const SETTLED = minutes(1);

/**
 * Plays failovers with the monitor's passes at any phase. What follows a kill depends on the last renewal alone, so each
 * one is killed just after a renewal, and its times are counted from as much later as the Lease was old.
 */
export function predictKubernetes(
  question: KubernetesQuestion,
  random: Random,
  failovers = 300,
): Prediction {
  const { settings, lease_age_ms, start_ms } = question;
  const [youngest, oldest] = lease_age_ms ?? [0, settings.lease_duration_ms / RENEWALS_PER_LEASE];
  const played = Array.from({ length: failovers }, (_, index) =>
    sinceRenewal(question, random.fork(`failover ${index}`)),
  );
  return spreadOf(
    played.flatMap(({ unknown_ms, evicted_ms, answering_ms }) => {
      const [soonest, latest] =
        start_ms === null
          ? [answering_ms, answering_ms]
          : [evicted_ms + start_ms[0], evicted_ms + start_ms[1]];
      return [
        { detection_ms: unknown_ms - oldest, recovery_ms: soonest - oldest },
        { detection_ms: unknown_ms - youngest, recovery_ms: latest - youngest },
      ] satisfies readonly Played[];
    }),
  );
}

interface SinceRenewal {
  readonly unknown_ms: number;
  readonly evicted_ms: number;
  readonly answering_ms: number;
}

function sinceRenewal(
  { settings, toleration_s }: KubernetesQuestion,
  random: Random,
): SinceRenewal {
  const queue = new EventQueue();
  const twin = createKubernetesTwin({
    settings: { ...settings, workers: Math.max(2, settings.workers) },
    scheduler: queue,
    random: random.fork("twin"),
    wallOrigin: DateTime.fromMillis(0, { zone: "utc" }),
  });
  createDesktop(twin, { namespace: "probe", name: "probe", tolerationSeconds: toleration_s });
  queue.advanceTo(after(queue.now(), SETTLED));
  const pod = present(
    twin.store.pods.all().find(({ metadata }) => metadata.namespace === "probe"),
    "the desktop's pod",
  );
  const victim = pod.spec.nodeName;
  const limit = sum(
    minutes(5),
    milliseconds(settings.node_monitor_grace_ms),
    seconds(toleration_s ?? settings.default_toleration_s),
  );
  const when = watchTwin<TwinEvent>(queue, twin, limit);
  const renewed = when((event) => event.kind === "lease-renewed" && event.node === victim);
  twin.powerOff(present(victim, "the desktop's node"));
  const since = (instant: TwinEvent["at"]): number => inMs(between(renewed, instant));
  return {
    unknown_ms: since(when((event) => event.kind === "node-unknown" && event.node === victim)),
    evicted_ms: since(when((event) => event.kind === "evicted" && event.node === victim)),
    answering_ms: since(
      when(
        (event) =>
          event.kind === "endpoint" &&
          event.pods.length > 0 &&
          !event.pods.includes(pod.metadata.name),
      ),
    ),
  };
}
