import { DateTime } from "luxon";
import { between, inSeconds, milliseconds } from "../../../src/base/time.ts";
import type { Instant } from "../../../src/base/time.ts";
import type { KubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { EventQueue } from "../../../src/twin/event-queue.ts";
import { createDesktop } from "../../../src/twin/kubernetes/desktop.ts";
import type { KubernetesTwin } from "../../../src/twin/kubernetes/kubernetes-twin.ts";
import { createKubernetesTwin } from "../../../src/twin/kubernetes/kubernetes-twin.ts";
import type { TwinEvent } from "../../../src/twin/kubernetes/twin-event.ts";

export interface Stage {
  readonly queue: EventQueue;
  readonly twin: KubernetesTwin;
  readonly events: TwinEvent[];
  readonly random: SeededRandom;
  /** Seconds since `start` of the first event after it that fits. */
  readonly when: (start: Instant, fits: (event: TwinEvent) => boolean) => number | null;
  readonly pod: () => { readonly name: string; readonly node: string };
}

export const settingsWith = (
  changes: Partial<Omit<KubernetesSettings, "assumed">>,
): KubernetesSettings => ({ ...defaultKubernetesSettings, ...changes });

export function stage(seed: number, settings: KubernetesSettings): Stage {
  const queue = new EventQueue();
  const random = new SeededRandom(seed);
  const twin = createKubernetesTwin({
    settings,
    scheduler: queue,
    random: random.fork("twin"),
    wallOrigin: DateTime.fromISO("2026-01-01T00:00:00Z", { zone: "utc" }),
  });
  const events: TwinEvent[] = [];
  twin.subscribe((event) => events.push(event));
  return {
    queue,
    twin,
    events,
    random,
    when: (start, fits) => {
      const event = events.find((each) => each.at >= start && fits(each));
      return event === undefined ? null : inSeconds(between(start, event.at));
    },
    pod: () => {
      const pod = twin.store.pods
        .all()
        .find(
          (each) =>
            each.metadata.namespace === "desk" && each.metadata.deletionTimestamp === undefined,
        );
      return { name: pod?.metadata.name ?? "", node: pod?.spec.nodeName ?? "" };
    },
  };
}

/** What is done to a node of the twin. */
export type Blow = (twin: KubernetesTwin, node: string) => void;

/** A settled desktop whose node loses power at a random moment, and what the model says happened. */
export function failover(
  seed: number,
  settings: KubernetesSettings,
  toleration: number | null,
  blow: Blow = (twin, node) => twin.powerOff(node),
) {
  const s = stage(seed, settings);
  createDesktop(s.twin, { namespace: "desk", name: "probe", tolerationSeconds: toleration });
  advance(s, 60 + 20 * s.random.next());
  const victim = s.pod();
  const kill = s.queue.now();
  blow(s.twin, victim.node);
  advance(
    s,
    (toleration ?? settings.default_toleration_s) + settings.node_monitor_grace_ms / 1000 + 50,
  );
  const renewals = s.events.filter(
    (event) => event.kind === "lease-renewed" && event.node === victim.node && event.at <= kill,
  );
  const renewed = renewals.at(-1)?.at ?? (Number.NaN as Instant);
  const pass = s.events.find((event) => event.kind === "monitor-pass" && event.at > renewed);
  return {
    ...s,
    victim,
    kill,
    /** Age of the Lease at the kill, and how long after the renewal a pass saw it. */
    r: (kill - renewed) / 1e9,
    d: ((pass?.at ?? Number.NaN) - renewed) / 1e9,
    unknown: s.when(kill, (event) => event.kind === "node-unknown" && event.node === victim.node),
    taint: s.when(kill, (event) => event.kind === "taint" && event.node === victim.node),
    evicted: s.when(kill, (event) => event.kind === "evicted" && event.pod === victim.name),
    scheduled: s.when(kill, (event) => event.kind === "pod-scheduled"),
    running: s.when(kill, (event) => event.kind === "pod-running"),
    ready: s.when(kill, (event) => event.kind === "pod-ready"),
    unserved: s.when(kill, (event) => event.kind === "endpoint" && event.pods.length === 0),
    recovered: s.when(
      kill,
      (event) =>
        event.kind === "endpoint" && event.pods.length > 0 && !event.pods.includes(victim.name),
    ),
  };
}

/** Monitor passes drift by their own work, which closed formulas do not count: seconds that they may be wrong by. */
const DRIFT = 0.3;

/** Whether it lies where a closed formula puts it: at `from`, or anywhere up to `to`. */
export const isWithin = (measured: number | null, from: number, to = from): boolean =>
  measured !== null && measured > from - DRIFT && measured < to + DRIFT;

export function advance(s: Pick<Stage, "queue">, duration: number): void {
  s.queue.advanceTo((s.queue.now() + milliseconds(duration * 1000)) as Instant);
}
