import type { NodeFacts, Taint } from "../../clients/kubernetes/node-facts.ts";
import type { Change } from "./change.ts";

/** What a node's new state says in our vocabulary. `before` is undefined for one that was not there. */
export function nodeChanges(
  before: NodeFacts | undefined,
  now: NodeFacts,
  victim: string | null,
): readonly Change[] {
  const { name, ready, readySince } = now;
  const isVictim = name === victim;
  // The victim was there, whether it could be read or not; another node that is new has only joined, and has nothing to lose.
  const wasReady = before === undefined ? isVictim : before.ready === "True";
  const common = { node: name, instance: null };
  const changes: Change[] = [];
  if (wasReady && ready !== "True") {
    const kind = isVictim ? "node-lost" : "other-node-lost";
    changes.push({ ...common, kind, stamp: readySince, raw: { ready } });
  }
  if (isVictim) {
    const evicting = now.taints.find((taint) => evicts(taint));
    if (evicting !== undefined && before?.taints.some((taint) => evicts(taint)) !== true) {
      const { key, effect, timeAdded } = evicting;
      changes.push({
        ...common,
        kind: "fencing-started",
        stamp: timeAdded,
        raw: { taint: key, effect },
      });
    }
    if (!wasReady && ready === "True") {
      changes.push({ ...common, kind: "node-returned", stamp: readySince, raw: { ready } });
    }
  }
  return changes;
}

/** Set by the node lifecycle controller; what does not tolerate it is deleted. */
const evicts = ({ key, effect }: Taint): boolean =>
  effect === "NoExecute" &&
  (key === "node.kubernetes.io/unreachable" || key === "node.kubernetes.io/not-ready");
