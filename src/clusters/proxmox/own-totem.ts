import { either } from "../../base/abort.ts";
import type { ToldBy } from "../../model/cluster-facts.ts";
import { ask, surveyPatience } from "../survey/ask.ts";
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
  if (memory.totem === null) {
    const told = await ask(
      clock,
      surveyPatience.question,
      async (deadline) => await askTotem(session.api, either(signal, deadline)),
    );
    signal.throwIfAborted();
    memory.totem = told.told ? told.value : null;
  }
  return memory.totem === null
    ? { ...cluster.corosync, settings_by: "inventory" }
    : { ...memory.totem, settings_by: "cluster" };
}
