import type { SliceFacts } from "../../clients/kubernetes/slice-facts.ts";
import type { Change } from "./change.ts";

/** Pods that get traffic now and did not before. */
export function sliceChanges(before: SliceFacts | undefined, now: SliceFacts): readonly Change[] {
  const known = new Set((before?.ready ?? []).map(({ pod }) => pod));
  return now.ready
    .filter(({ pod }) => !known.has(pod))
    .map(({ pod, node }) => ({
      kind: "endpoint-ready",
      node,
      instance: pod,
      stamp: null,
      raw: { slice: now.name },
    }));
}
