import type { Taint, Toleration } from "./objects.ts";

const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  if (
    toleration.effect !== undefined &&
    toleration.effect !== "" &&
    toleration.effect !== taint.effect
  )
    return false;
  const key = toleration.key ?? "";
  if (key !== "" && key !== taint.key) return false;
  if (toleration.operator === "Exists") return true;
  return key !== "" && (toleration.value ?? "") === (taint.value ?? "");
};

export const toleratesAll = (
  tolerations: readonly Toleration[],
  taints: readonly Taint[],
): boolean => taints.every((taint) => tolerations.some((each) => tolerates(each, taint)));

/**
 * How many seconds a pod may stay under these NoExecute taints: 0 when one is not tolerated, infinity when all are for
 * ever, else the shortest `tolerationSeconds` of the first toleration that matches each (taint_manager.go, 1.20).
 */
export function toleratedSeconds(
  tolerations: readonly Toleration[],
  taints: readonly Taint[],
): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const match = tolerations.find((each) => tolerates(each, taint));
    if (match === undefined) return 0;
    if (match.tolerationSeconds !== undefined) {
      shortest = Math.min(shortest, Math.max(match.tolerationSeconds, 0));
    }
  }
  return shortest;
}
