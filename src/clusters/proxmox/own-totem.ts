import type { ToldBy } from "../../model/cluster-facts.ts";
import { answerOrNull } from "../survey/ask.ts";
import type { Session } from "./session.ts";
import type { Totem } from "./survey/settings.ts";
import { askTotem } from "./survey/settings.ts";

/**
 * corosync's timers as the cluster tells them, else as the inventory does. It is asked until it has told them, and not again:
 * they change with a restart of corosync on every node.
 */
export async function ownTotem(
  session: Session,
  signal: AbortSignal,
): Promise<Totem & { readonly settings_by: ToldBy }> {
  const { memory, clock, cluster } = session;
  memory.totem ??= await answerOrNull(
    clock,
    signal,
    async (until) => await askTotem(session.api, until),
  );
  return memory.totem === null
    ? { ...cluster.corosync, settings_by: "inventory" }
    : { ...memory.totem, settings_by: "cluster" };
}
