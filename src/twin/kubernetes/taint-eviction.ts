import { seconds } from "../../base/time.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import type { Core } from "./core.ts";
import { recordEvent, referenceTo } from "./event-recorder.ts";
import { isTerminating, namespaceOf } from "./metadata.ts";
import { taintsOf } from "./node-taints.ts";
import type { Pod, Taint } from "./objects.ts";
import { deletePod } from "./pod-deletion.ts";
import type { Scope } from "./scope.ts";
import { toleratedSeconds } from "./tolerations.ts";

interface Planned {
  readonly since: number;
  readonly due: number;
  readonly cancel: Cancel;
}

/** The NoExecuteTaintManager: deletes each pod of a tainted node when its toleration has run out. */
export function startTaintEviction(core: Core, scope: Scope): void {
  const { store, scheduler } = core;
  const planned = new Map<string, Planned>();

  const forget = (uid: string): void => {
    planned.get(uid)?.cancel();
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

  const consider = (pod: Pod): void => {
    const node = store.nodes.get("", pod.spec.nodeName ?? "");
    const taints = node === undefined ? [] : noExecute(taintsOf(node));
    if (taints.length === 0 || isTerminating(pod)) {
      forget(pod.metadata.uid);
      return;
    }
    const tolerated = toleratedSeconds(pod.spec.tolerations ?? [], taints);
    if (!Number.isFinite(tolerated)) {
      forget(pod.metadata.uid);
      return;
    }
    // The time of an eviction that is already planned counts on; a later taint never postpones it.
    const before = planned.get(pod.metadata.uid);
    const since = before?.since ?? scheduler.now();
    const due = since + seconds(tolerated);
    if (before !== undefined && before.due <= due) return;
    forget(pod.metadata.uid);
    let cancelled = false;
    planned.set(pod.metadata.uid, { since, due, cancel: () => (cancelled = true) });
    scope.after(seconds(Math.max(0, tolerated - (scheduler.now() - since) / 1e9)), () => {
      if (!cancelled) evict(pod);
    });
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
