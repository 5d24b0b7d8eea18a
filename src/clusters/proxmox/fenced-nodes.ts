import type { ControlPlaneEvent } from "../../model/cluster-facts.ts";
import type { Look } from "./look.ts";

/** Stamps of LRM statuses, by node; null: it had none. */
export type FencedNodes = ReadonlyMap<string, number | null>;

/**
 * Nodes whose agent lock the CRM master holds since it fenced them: an idle LRM has to have it deleted before it can take it,
 * a second later (facts/proxmox-ve.md 7). Once an LRM has been active the lock is its own, and it gives it back itself.
 */
export function noteFenced(
  known: FencedNodes,
  look: Look,
  events: readonly ControlPlaneEvent[],
): FencedNodes {
  const { lrm_status } = look.manager;
  const stampOf = (node: string): number | null => lrm_status[node]?.timestamp ?? null;
  // A dead node's last status says active for as long as it is away.
  const isBack = ([node, stamp]: readonly [string, number | null]): boolean =>
    lrm_status[node]?.state === "active" && stampOf(node) !== stamp;
  const fenced = events.flatMap(({ kind, node }) =>
    kind === "fenced" && node !== null ? [[node, stampOf(node)] as const] : [],
  );
  return new Map([...[...known].filter((entry) => !isBack(entry)), ...fenced]);
}
