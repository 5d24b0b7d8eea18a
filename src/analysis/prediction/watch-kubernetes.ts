import type { Instant } from "../../base/time.ts";
import type { KubernetesTwin } from "../../twin/kubernetes/kubernetes-twin.ts";
import type { TwinEvent } from "../../twin/kubernetes/twin-event.ts";

/** The steps of one failover, as the twin's own truth has them; null: not yet. */
export interface KubernetesSteps {
  /** The victim's Lease. Nothing before its next renewal is noted. */
  renewed: Instant | null;
  /** Passes of the node monitor since then. */
  readonly passes: Instant[];
  unknown: Instant | null;
  evicted: Instant | null;
  scheduled: Instant | null;
  running: Instant | null;
  /** Another pod serves. */
  answering: Instant | null;
}

type Twin = Pick<KubernetesTwin, "subscribe">;

/** Notes the steps as the twin goes on. */
export function watchKubernetes(
  twin: Twin,
  { node, pod }: { readonly node: string; readonly pod: string },
): KubernetesSteps {
  const steps: KubernetesSteps = {
    renewed: null,
    passes: [],
    unknown: null,
    evicted: null,
    scheduled: null,
    running: null,
    answering: null,
  };
  twin.subscribe((event) => {
    if (event.kind === "lease-renewed" && event.node === node) steps.renewed ??= event.at;
    if (steps.renewed === null) return;
    if (event.kind === "monitor-pass") steps.passes.push(event.at);
    const step = stepOf(event, pod);
    if (step !== null) steps[step] ??= event.at;
  });
  return steps;
}

type Step = Exclude<keyof KubernetesSteps, "renewed" | "passes">;

/** Nobody else dies, and nobody else is evicted. */
const stepOfKind: Readonly<Partial<Record<TwinEvent["kind"], Step>>> = {
  "node-unknown": "unknown",
  evicted: "evicted",
  "pod-scheduled": "scheduled",
  "pod-running": "running",
};

function stepOf(event: TwinEvent, lost: string): Step | null {
  if (event.kind !== "endpoint") return stepOfKind[event.kind] ?? null;
  return event.pods.length > 0 && !event.pods.includes(lost) ? "answering" : null;
}

/** The first pod that serves; null: none does yet. */
export function watchServing(twin: Twin): { readonly pod: string | null } {
  const serving: { pod: string | null } = { pod: null };
  twin.subscribe((event) => {
    if (event.kind === "endpoint") serving.pod ??= event.pods[0] ?? null;
  });
  return serving;
}
