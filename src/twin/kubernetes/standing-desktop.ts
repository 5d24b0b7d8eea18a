import type { Core } from "./core.ts";
import { reconcileDeployment } from "./deployments.ts";
import type { Desktop } from "./desktop.ts";
import { createDesktop } from "./desktop.ts";
import { reconcileEndpointSlice } from "./endpoint-slices.ts";
import { namespaceOf } from "./metadata.ts";
import type { Deployment, Pod } from "./objects.ts";
import { bindPod } from "./pod-scheduler.ts";
import { runningPod, startingPod } from "./pod-status.ts";
import { reconcileReplicaSet } from "./replica-sets.ts";

/** A desktop that has been running for long, and the node that it runs on, as that is before its kubelet starts. */
export interface Standing {
  readonly desktop: Desktop;
  readonly node: string;
}

/**
 * Writes the desktop and all that came of it, each object by whoever writes it in life, so that nothing is left to do when
 * controllers and kubelets begin. What nobody can know from it any more (when each step came) is now.
 */
export function placeDesktop(
  core: Core,
  desktop: Desktop,
  node: { readonly name: string; readonly address: string; readonly podIP: string },
): void {
  const { deployment, service } = createDesktop(core, desktop);
  reconcileDeployment(core, deployment);
  reconcileSets(core, deployment);
  for (const pod of podsOf(core, deployment)) {
    bindPod(core, pod, node.name);
    const bound = core.store.pods.get(namespaceOf(pod), pod.metadata.name) ?? pod;
    const stamp = core.stamps.seconds();
    const started = startingPod(bound, node.address, stamp);
    core.store.pods.update(runningPod(started, node.podIP, { stamp, ready: true }));
  }
  reconcileSets(core, deployment);
  reconcileDeployment(core, deployment);
  reconcileEndpointSlice(core, service);
}

function reconcileSets(core: Core, deployment: Deployment): void {
  for (const set of core.store.replicaSets.all()) {
    if (namespaceOf(set) === namespaceOf(deployment)) reconcileReplicaSet(core, set);
  }
}

const podsOf = (core: Core, deployment: Deployment): readonly Pod[] =>
  core.store.pods.all().filter((pod) => namespaceOf(pod) === namespaceOf(deployment));
