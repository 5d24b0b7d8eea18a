import type { Duration } from "../../base/time.ts";
import { milliseconds, times, zero } from "../../base/time.ts";
import type { Core } from "./core.ts";
import { recordEvent } from "./event-recorder.ts";
import { isReady, withConditions } from "./metadata.ts";
import type { Condition, KubeNode } from "./objects.ts";
import type { NodeIdentity } from "./pod-runner.ts";
import { PodRunner } from "./pod-runner.ts";
import { Scope } from "./scope.ts";

/** `nodeStatusReportFrequency`: without a change the status is posted only this often. */
const STATUS_REPORT_MS = 300_000;
/** The Lease is renewed every quarter of its duration (pkg/kubelet/kubelet.go:174). */
const RENEWALS_PER_LEASE = 4;

export interface Kubelet {
  readonly pods: PodRunner;
  stop(): void;
}

/**
 * The agent of one node from its start to its death: renews the Lease, posts the node's status, runs its pods.
 * Status is posted in the same tick as the Lease (both loops start together), so that it never counts as a later
 * heartbeat than the Lease. `start.firstRenewal` is the phase of its heartbeats.
 */
export function startKubelet(
  core: Core,
  node: NodeIdentity,
  start: { readonly firstRenewal: Duration; readonly adopt: boolean },
): Kubelet {
  const scope = new Scope(core.scheduler);
  const interval = milliseconds(core.settings.lease_duration_ms / RENEWALS_PER_LEASE);
  const renewalsPerReport = Math.max(1, Math.round(milliseconds(STATUS_REPORT_MS) / interval));
  let renewals = 0;

  const beat = (): void => {
    scope.after(interval, beat);
    if (!core.apiIsUp()) return;
    if (renewals % renewalsPerReport === 0 || !seemsReady(core, node.name)) postStatus(core, node);
    renewLease(core, node.name);
    renewals += 1;
  };
  if (start.firstRenewal === zero) beat();
  else scope.after(start.firstRenewal, beat);

  const pods = new PodRunner(core, node, { scope, adopt: start.adopt });
  return { pods, stop: () => scope.end() };
}

/** Back-dates a Lease to `age` ago, as a kubelet left it that has been renewing all along. */
export const renewTimeBefore = (core: Core, age: Duration): string =>
  core.stamps.micros(times(age, -1));

function renewLease(core: Core, name: string): void {
  const lease = core.store.leases.get("kube-node-lease", name);
  if (lease === undefined) return;
  core.store.leases.update({ ...lease, spec: { ...lease.spec, renewTime: core.stamps.micros() } });
  core.tell({ kind: "lease-renewed", node: name });
}

/** A kubelet whose node is not Ready in the API says at once that it is (a change of status is posted). */
function seemsReady(core: Core, name: string): boolean {
  const node = core.store.nodes.get("", name);
  return node !== undefined && isReady(node);
}

function postStatus(core: Core, node: NodeIdentity): void {
  const known = core.store.nodes.get("", node.name);
  if (known === undefined) return;
  const returned = !isReady(known);
  core.store.nodes.update({
    ...known,
    status: {
      ...known.status,
      conditions: healthyConditions(known, core.stamps.seconds()),
      nodeInfo: { ...known.status.nodeInfo, bootID: node.bootId },
    },
  });
  if (returned) {
    recordEvent(core, nodeReference(node.name), {
      reason: "NodeReady",
      message: `Node ${node.name} status is now: NodeReady`,
      component: "kubelet",
    });
    core.tell({ kind: "node-ready", node: node.name });
  }
}

/** Events about nodes bear the node's name as its UID, as kubelets write them. */
export const nodeReference = (name: string): { kind: string; name: string; uid: string } => ({
  kind: "Node",
  name,
  uid: name,
});

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

/** All four conditions as a healthy kubelet posts them; `lastTransitionTime` moves only where the status changes. */
export function healthyConditions(known: KubeNode, stamp: string): readonly Condition[] {
  const conditions = HEALTH.map(([type, status, reason, message]): Condition => {
    const before = known.status.conditions?.find((condition) => condition.type === type);
    return {
      type,
      status,
      lastHeartbeatTime: stamp,
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : stamp,
      reason,
      message,
    };
  });
  return withConditions(known.status.conditions, conditions);
}
