import { withConditions } from "./metadata.ts";
import type { Condition, ConditionStatus, ContainerStatus, Pod } from "./objects.ts";

/** A pod that was admitted by the kubelet and has no container yet; after a reboot its containers count as restarted. */
export function startingPod(pod: Pod, hostIP: string, stamp: string): Pod {
  const containers = pod.spec.containers.map((container): ContainerStatus => {
    const before = pod.status.containerStatuses?.find((each) => each.name === container.name);
    return {
      name: container.name,
      image: container.image ?? "",
      imageID: "",
      ready: false,
      started: false,
      restartCount: before === undefined ? 0 : before.restartCount + 1,
      state: { waiting: { reason: "ContainerCreating" } },
      lastState: before === undefined ? {} : { terminated: { exitCode: 255, reason: "Unknown" } },
    };
  });
  const status = {
    ...pod.status,
    phase: "Pending",
    hostIP,
    startTime: pod.status.startTime ?? stamp,
    containerStatuses: containers,
    qosClass: "BestEffort",
  };
  return withPodConditions({ ...pod, status }, stamp, {
    Initialized: "True",
    Ready: "False",
    ContainersReady: "False",
  });
}

/** Its containers run from now on. */
export function runningPod(
  pod: Pod,
  podIP: string,
  given: { readonly stamp: string; readonly ready: boolean },
): Pod {
  const containers = (pod.status.containerStatuses ?? []).map((container): ContainerStatus => ({
    ...container,
    imageID: container.image,
    containerID: containerId(pod.metadata.uid, container.restartCount),
    started: true,
    state: { running: { startedAt: given.stamp } },
  }));
  const status = {
    ...pod.status,
    phase: "Running",
    podIP,
    podIPs: [{ ip: podIP }],
    containerStatuses: containers,
  };
  return withReadiness({ ...pod, status }, given.ready, given.stamp);
}

/** 64 hexadecimal digits; each start makes a new container. */
const containerId = (uid: string, restarts: number): string =>
  `containerd://${uid.replaceAll("-", "")}${restarts.toString(16).padStart(32, "0")}`;

/** Readiness as its own kubelet sees it. */
export function withReadiness(pod: Pod, ready: boolean, stamp: string): Pod {
  const containers = (pod.status.containerStatuses ?? []).map((each) => ({ ...each, ready }));
  const status = { ...pod.status, containerStatuses: containers };
  const value = ready ? "True" : "False";
  return withPodConditions({ ...pod, status }, stamp, { Ready: value, ContainersReady: value });
}

/** Sets conditions; the stamp of a transition moves only where the status changes. */
export function withPodConditions(
  pod: Pod,
  stamp: string,
  wanted: Readonly<Record<string, ConditionStatus>>,
): Pod {
  const changed = Object.entries(wanted).map(([type, status]): Condition => {
    const before = pod.status.conditions?.find((condition) => condition.type === type);
    return {
      type,
      status,
      lastProbeTime: null,
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : stamp,
      ...(status === "False" && { reason: "ContainersNotReady" }),
    };
  });
  return {
    ...pod,
    status: { ...pod.status, conditions: withConditions(pod.status.conditions, changed) },
  };
}
