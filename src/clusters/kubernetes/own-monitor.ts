import type { ToldBy } from "../../model/cluster-facts.ts";
import { answerOrNull } from "../survey/ask.ts";
import type { Session } from "./session.ts";
import { askFlags } from "./survey/ask-flags.ts";

interface Monitor {
  readonly node_monitor_period_ms: number;
  readonly node_monitor_grace_ms: number;
  readonly settings_by: ToldBy;
}

/**
 * The node monitor's timers by the controller-manager's flags, else as the inventory tells them. The cluster is asked until it
 * has told its flags, and not again: they change with a restart of its control plane.
 */
export async function ownMonitor(session: Session, signal: AbortSignal): Promise<Monitor> {
  const { memory, clock, cluster } = session;
  memory.flags ??= await answerOrNull(
    clock,
    signal,
    async (until) => await askFlags(session, until),
  );
  const own = memory.flags?.monitor ?? null;
  const { node_monitor_period_ms, node_monitor_grace_ms } = own ?? cluster.controller_manager;
  const settings_by = own === null ? "inventory" : "cluster";
  return { node_monitor_period_ms, node_monitor_grace_ms, settings_by };
}
