import type { Instant } from "../../base/time.ts";
import type { KubernetesTwin } from "../../twin/kubernetes/kubernetes-twin.ts";
import type { TwinEvent } from "../../twin/kubernetes/twin-event.ts";

/** The steps of one failover, as the twin's own truth has them; null: not yet. */
export interface KubernetesSteps {
  /** Of the node monitor. */
  readonly passes: Instant[];
  unknown: Instant | null;
  evicted: Instant | null;
  scheduled: Instant | null;
  running: Instant | null;
  /** Another pod serves. */
  answering: Instant | null;
}

/** Notes the steps as the twin goes on; `lost` is the pod on the victim. */
export function watchKubernetes(
  twin: Pick<KubernetesTwin, "subscribe">,
  lost: string,
): KubernetesSteps {
  const steps: KubernetesSteps = {
    passes: [],
    unknown: null,
    evicted: null,
    scheduled: null,
    running: null,
    answering: null,
  };
  twin.subscribe((event) => {
    if (event.kind === "monitor-pass") steps.passes.push(event.at);
    const step = stepOf(event, lost);
    if (step !== null) steps[step] ??= event.at;
  });
  return steps;
}

type Step = Exclude<keyof KubernetesSteps, "passes">;

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
