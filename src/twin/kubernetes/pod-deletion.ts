import { seconds } from "../../base/time.ts";
import type { Core } from "./core.ts";
import { isTerminating, withMetadata } from "./metadata.ts";
import type { Pod } from "./objects.ts";

/**
 * What DELETE on a pod does: a deletion stamp, after which its kubelet removes it; at once when there is no kubelet to
 * wait for (not scheduled yet) or no grace is given. `graceSeconds` undefined: the pod's own.
 */
export function deletePod(core: Core, pod: Pod, graceSeconds: number | undefined): Pod {
  const grace = graceSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  const { pods } = core.store;
  if (grace === 0 || pod.spec.nodeName === undefined) return pods.remove(pod);
  if (isTerminating(pod)) return pod;
  return pods.update(
    withMetadata(pod, {
      deletionTimestamp: core.stamps.seconds(seconds(grace)),
      deletionGracePeriodSeconds: grace,
    }),
  );
}
