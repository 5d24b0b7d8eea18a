import { seconds } from "../../base/time.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import type { Core } from "./core.ts";
import { recordEvent, referenceTo } from "./event-recorder.ts";
import { isTerminating, namespaceOf } from "./metadata.ts";
import { taintsOf } from "./node-taints.ts";
import type { Pod, Taint } from "./objects.ts";
import { deletePod } from "./pod-deletion.ts";
import type { Scope } from "./scope.ts";
import { toleratedSeconds, toleratesAll } from "./tolerations.ts";

/**
 * The NoExecuteTaintManager: deletes each pod of a tainted node when its toleration has run out. The time runs from the
 * moment at which the manager hears of the taint, by its own clock; the taint's `timeAdded` is not asked
 * (taint_manager.go:360-393).
 */
export function startTaintEviction(core: Core, scope: Scope): void {
  const { store } = core;
  const planned = new Map<string, Cancel>();

  const forget = (uid: string): void => {
    planned.get(uid)?.();
    planned.delete(uid);
  };

  const evict = (pod: Pod): void => {
    planned.delete(pod.metadata.uid);
    const current = store.pods.get(namespaceOf(pod), pod.metadata.name);
    if (current?.metadata.uid !== pod.metadata.uid || isTerminating(current)) return;
    recordEvent(core, referenceTo(current), {
      reason: "TaintManagerEviction",
      message: `Marking for deletion Pod ${namespaceOf(pod)}/${pod.metadata.name}`,
      component: "taint-eviction-controller",
    });
    deletePod(core, current, undefined);
    core.tell({ kind: "evicted", pod: pod.metadata.name, node: pod.spec.nodeName ?? "" });
  };

  const plan = (pod: Pod, tolerated: number): void => {
    forget(pod.metadata.uid);
    let cancelled = false;
    planned.set(pod.metadata.uid, () => (cancelled = true));
    scope.after(seconds(tolerated), () => {
      if (!cancelled) evict(pod);
    });
  };

  const consider = (pod: Pod): void => {
    const node = store.nodes.get("", pod.spec.nodeName ?? "");
    const taints = node === undefined ? [] : noExecute(taintsOf(node));
    if (taints.length === 0 || isTerminating(pod)) {
      forget(pod.metadata.uid);
      return;
    }
    const tolerations = pod.spec.tolerations ?? [];
    const tolerated = toleratedSeconds(tolerations, taints);
    if (!Number.isFinite(tolerated)) {
      forget(pod.metadata.uid);
      return;
    }
    // An eviction that is planned stays as it is, whatever other taints come, unless one of them is not tolerated at all.
    if (planned.has(pod.metadata.uid) && toleratesAll(tolerations, taints)) return;
    plan(pod, tolerated);
  };

  const enqueue = scope.queue((name) => {
    for (const pod of store.pods.all()) if (pod.spec.nodeName === name) consider(pod);
  });
  scope.onEnd(store.nodes.subscribe((event) => enqueue(event.object.metadata.name)));
  scope.onEnd(
    store.pods.subscribe(({ type, object, previous }) => {
      if (type === "DELETED") forget(object.metadata.uid);
      else if (object.spec.nodeName !== previous?.spec.nodeName)
        enqueue(object.spec.nodeName ?? "");
    }),
  );
  for (const node of store.nodes.all()) enqueue(node.metadata.name);
}

const noExecute = (taints: readonly Taint[]): readonly Taint[] =>
  taints.filter((taint) => taint.effect === "NoExecute");
