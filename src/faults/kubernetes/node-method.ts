import { minutes, seconds } from "../../base/time.ts";
import type { NodeFacts } from "../../clients/kubernetes/node-facts.ts";
import type { PodFacts } from "../../clients/kubernetes/pod-facts.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Strike } from "../../contracts/fault.ts";
import type { KubernetesNodeFault } from "../../model/fault-spec.ts";
import type { Refusal } from "../../model/journal.ts";
import type { PlannedMethod } from "../planned-fault.ts";
import type { NewTaint, NodeActs } from "./node-acts.ts";

/** What Kubernetes' API can do to a node, or to the desktop's pod on it. */
export function nodeMethod(
  { kind }: KubernetesNodeFault,
  acts: NodeActs,
  clock: Clock,
): PlannedMethod {
  switch (kind) {
    case "cordon":
      return cordon(acts);
    case "drain":
      return drain(acts, clock);
    case "evict":
      return evict(acts, clock);
    case "out-of-service":
      return outOfService(acts);
  }
}

/** A disruption budget may let the next eviction through a moment later; kubectl waits as long. */
const PAUSE_AFTER_BUDGET = seconds(5);

const cordon = (acts: NodeActs): PlannedMethod => ({
  title: "cordon through the API",
  cure: "the node is uncordoned",
  strikesWithin: seconds(30),
  check: async (victim, signal) => refuseMarked(await acts.node(victim, signal)),
  inject: async ({ victim }, signal) => await acts.setUnschedulable(victim, true, signal),
  look: async ({ victim }, signal) =>
    (await acts.node(victim, signal)).cordoned ? "the node is unschedulable" : null,
  heal: async (victim, signal) => {
    if (!(await acts.node(victim, signal)).cordoned) return;
    await acts.setUnschedulable(victim, false, signal);
  },
});

const drain = (acts: NodeActs, clock: Clock): PlannedMethod => ({
  ...cordon(acts),
  title: "drain through the API",
  strikesWithin: minutes(1),
  inject: async ({ victim }, signal) => {
    await acts.setUnschedulable(victim, true, signal);
    await evictAll(async () => await drainedFrom(victim, acts, signal), { acts, clock, signal });
  },
  look: async ({ victim }, signal) =>
    (await drainedFrom(victim, acts, signal)).length === 0
      ? "no pod is left on the node but those that are ending"
      : null,
});

const evict = (acts: NodeActs, clock: Clock): PlannedMethod => ({
  title: "eviction of the pod through the API",
  cure: "nothing is left to take back",
  strikesWithin: minutes(1),
  check: async () => await Promise.resolve([]),
  inject: async (strike, signal) =>
    await evictAll(async () => await desktopOn(strike, acts, signal), { acts, clock, signal }),
  look: async (strike, signal) =>
    (await desktopOn(strike, acts, signal)).length === 0 ? "the pod is ending or gone" : null,
  heal: async () => await Promise.resolve(),
});

/** Kubernetes 1.26: NodeOutOfServiceVolumeDetach is on by default (KEP-2268). */
const OUT_OF_SERVICE_SINCE = 26;
const OUT_OF_SERVICE: NewTaint = {
  key: "node.kubernetes.io/out-of-service",
  value: "nodeshutdown",
  effect: "NoExecute",
};

const outOfService = (acts: NodeActs): PlannedMethod => ({
  title: "out-of-service taint through the API",
  cure: "the taint is removed",
  strikesWithin: minutes(1),
  check: async (victim, signal) => [
    ...refuseMarked(await acts.node(victim, signal)),
    ...tooOld(await acts.minorVersion(signal)),
  ],
  inject: async ({ victim }, signal) => await acts.setTaint(victim, OUT_OF_SERVICE, true, signal),
  look: async ({ victim }, signal) =>
    isOutOfService(await acts.node(victim, signal)) ? "the node bears the taint" : null,
  heal: async (victim, signal) => {
    if (!isOutOfService(await acts.node(victim, signal))) return;
    await acts.setTaint(victim, OUT_OF_SERVICE, false, signal);
  },
});

const isOutOfService = (node: NodeFacts): boolean =>
  node.taints.some(({ key }) => key === OUT_OF_SERVICE.key);

/** Whoever marked the node before would lose the mark to our cure. */
function refuseMarked(node: NodeFacts): readonly Refusal[] {
  if (!node.cordoned && !isOutOfService(node)) return [];
  return [
    {
      guard: "node-unmarked",
      saw: `${node.name} is ${node.cordoned ? "cordoned" : "tainted out-of-service"} already`,
      needs: "a node on which nobody else has done the same",
    },
  ];
}

function tooOld(minor: number): readonly Refusal[] {
  if (minor >= OUT_OF_SERVICE_SINCE) return [];
  return [
    {
      guard: "api-version",
      saw: `the cluster is Kubernetes 1.${minor}, which does not know the out-of-service taint`,
      needs: `Kubernetes 1.${OUT_OF_SERVICE_SINCE} or later`,
    },
  ];
}

/** As `kubectl drain --ignore-daemonsets` has it: static and DaemonSet pods stay, ended ones need no eviction. */
async function drainedFrom(
  node: string,
  acts: NodeActs,
  signal: AbortSignal,
): Promise<readonly PodFacts[]> {
  return (await acts.podsOn(node, signal)).filter(
    (pod) =>
      !pod.mirror &&
      pod.deletion === null &&
      !pod.owners.includes("DaemonSet") &&
      pod.phase !== "Succeeded" &&
      pod.phase !== "Failed",
  );
}

/** The desktop's pods on the victim that are not on their way out: they bear the Deployment's name. */
async function desktopOn(
  { victim, desktop }: Strike,
  acts: NodeActs,
  signal: AbortSignal,
): Promise<readonly PodFacts[]> {
  if (desktop.kind !== "kubernetes") return [];
  return (await acts.podsOn(victim, signal)).filter(
    ({ namespace, name, deletion }) =>
      namespace === desktop.namespace && name.startsWith(`${desktop.name}-`) && deletion === null,
  );
}

/** Until a disruption budget postpones none of them any more. */
async function evictAll(
  find: () => Promise<readonly PodFacts[]>,
  tools: { readonly acts: NodeActs; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const { acts, clock, signal } = tools;
  for (;;) {
    const pods = await find();
    const ends = await Promise.all(pods.map(async (pod) => await acts.evict(pod, signal)));
    if (!ends.includes("postponed")) return;
    await clock.sleep(PAUSE_AFTER_BUDGET, signal);
  }
}
