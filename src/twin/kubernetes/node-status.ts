import type { Core } from "./core.ts";
import { recordEvent } from "./event-recorder.ts";
import { conditionOf, withConditions } from "./metadata.ts";
import type { Condition, KubeNode } from "./objects.ts";

/** What a kubelet says of its node: null when it is healthy, else why it is not Ready. */
export type Ailment = string | null;

const HEALTH = [
  [
    "MemoryPressure",
    "False",
    "KubeletHasSufficientMemory",
    "kubelet has sufficient memory available",
  ],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
  ["Ready", "True", "KubeletReady", "kubelet is posting ready status"],
] as const;

/** All four conditions as a kubelet posts them; `lastTransitionTime` moves only where the status changes. */
export function kubeletConditions(
  known: KubeNode,
  stamp: string,
  ailment: Ailment,
): readonly Condition[] {
  const conditions = HEALTH.map(([type, status, reason, message]): Condition => {
    const before = known.status.conditions?.find((condition) => condition.type === type);
    const ails = type === "Ready" && ailment !== null;
    const value = ails ? "False" : status;
    return {
      type,
      status: value,
      lastHeartbeatTime: stamp,
      lastTransitionTime: before?.status === value ? before.lastTransitionTime : stamp,
      reason: ails ? "KubeletNotReady" : reason,
      message: ails ? ailment : message,
    };
  });
  return withConditions(known.status.conditions, conditions);
}

/** Whether the API says something else than the kubelet would: then it posts at its next turn. */
export function isNews(core: Core, name: string, ailment: Ailment): boolean {
  const node = core.store.nodes.get("", name);
  const ready = node === undefined ? undefined : conditionOf(node, "Ready")?.status;
  return ready !== (ailment === null ? "True" : "False");
}

export function postStatus(
  core: Core,
  node: { readonly name: string; readonly bootId: string },
  ailment: Ailment,
): void {
  const known = core.store.nodes.get("", node.name);
  if (known === undefined) return;
  const changes = isNews(core, node.name, ailment);
  core.store.nodes.update({
    ...known,
    status: {
      ...known.status,
      conditions: kubeletConditions(known, core.stamps.seconds(), ailment),
      nodeInfo: { ...known.status.nodeInfo, bootID: node.bootId },
    },
  });
  if (!changes) return;
  const reason = ailment === null ? "NodeReady" : "NodeNotReady";
  recordEvent(core, nodeReference(node.name), {
    reason,
    message: `Node ${node.name} status is now: ${reason}`,
    component: "kubelet",
  });
  core.tell({ kind: ailment === null ? "node-ready" : "node-not-ready", node: node.name });
}

/** Events about nodes bear the node's name as its UID, as kubelets write them. */
export const nodeReference = (name: string): { kind: string; name: string; uid: string } => ({
  kind: "Node",
  name,
  uid: name,
});
