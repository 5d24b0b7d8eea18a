import type { PodSpec, Toleration } from "./objects.ts";

export const NOT_READY = "node.kubernetes.io/not-ready";
export const UNREACHABLE = "node.kubernetes.io/unreachable";
export const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

/** What the API server makes of a new pod's spec: its defaults, and the tolerations of DefaultTolerationSeconds. */
export function admitPodSpec(spec: PodSpec, defaultTolerationSeconds: number): PodSpec {
  return {
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    enableServiceLinks: true,
    ...spec,
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    tolerations: withDefaultTolerations(spec.tolerations ?? [], defaultTolerationSeconds),
  };
}

/** The plug-in adds its two only where the pod has none for that key (plugin/pkg/admission/defaulttolerationseconds). */
function withDefaultTolerations(
  tolerations: readonly Toleration[],
  seconds: number,
): readonly Toleration[] {
  const missing = [NOT_READY, UNREACHABLE].filter(
    (key) =>
      !tolerations.some(
        (each) =>
          ((each.key ?? "") === "" || each.key === key) &&
          ((each.effect ?? "") === "" || each.effect === "NoExecute"),
      ),
  );
  const added = missing.map((key): Toleration => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: seconds,
  }));
  return [...tolerations, ...added];
}
