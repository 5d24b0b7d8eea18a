import type { PodFacts } from "../../clients/kubernetes/pod-facts.ts";
import type { Change } from "./change.ts";

/** What a pod of the desktop says in our vocabulary. `before` is undefined for one that was not there. */
export function podChanges(
  before: PodFacts | undefined,
  now: PodFacts,
  victim: string | null,
): readonly Change[] {
  const common = { node: now.node, instance: now.name };
  const { phase } = now;
  const changes: Change[] = [];
  if (now.node !== null && (before === undefined || before.node === null)) {
    changes.push({ ...common, kind: "node-chosen", stamp: now.scheduledAt, raw: { phase } });
  }
  if (now.running && before?.running !== true) {
    changes.push({ ...common, kind: "instance-started", stamp: now.startedAt, raw: { phase } });
  }
  if (now.deletion !== null && (before?.deletion ?? null) === null && now.node === victim) {
    changes.push({ ...common, kind: "fenced", stamp: now.deletion, raw: { phase } });
  }
  return changes;
}

/** A pod that vanished without a deletion that was seen: force-deleted, or its deletion fell into a gap. */
export function podGone(before: PodFacts, victim: string | null): readonly Change[] {
  if (before.deletion !== null || before.node === null || before.node !== victim) return [];
  return [
    {
      kind: "fenced",
      node: before.node,
      instance: before.name,
      stamp: null,
      raw: { phase: before.phase, gone: true },
    },
  ];
}
