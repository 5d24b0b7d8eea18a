import type { ShutdownFault, ShutdownPolicy } from "../../model/fault-spec.ts";
import type { ShutdownWay } from "../shutdown/shutdown-way.ts";
import type { HaView } from "./ha-view.ts";

/** By PVE's own call, asked of another node than the victim: it begins two seconds later. */
export const byApi = (action: ShutdownFault["action"], view: HaView): ShutdownWay => ({
  title: `${action} through the API`,
  check: async ({ name }, { signal }) => {
    const online = await view.nodesOnline(signal);
    if (online.some((node) => node !== name)) return [];
    return [
      {
        guard: "api-reachable",
        saw: `no node but ${name} is online`,
        needs: `another node, whose API passes the request on`,
      },
    ];
  },
  ask: async ({ name }, sent, { clock, signal }) => {
    sent(clock.now());
    await view.shutDown(name, action === "reboot" ? "reboot" : "shutdown", signal);
  },
});

/** The same way, refused where the cluster's policy is another than the experiment is about. Null: any will do. */
export const underPolicy = (
  way: ShutdownWay,
  wanted: ShutdownPolicy | null,
  view: HaView,
): ShutdownWay => ({
  ...way,
  check: async (victim, tools) => {
    const refusals = await way.check(victim, tools);
    if (wanted === null) return refusals;
    const policy = await view.shutdownPolicy(tools.signal);
    if (policy === wanted) return refusals;
    return [
      ...refusals,
      {
        guard: "shutdown-policy",
        saw: `the cluster's shutdown_policy is ${policy}`,
        needs: `"ha: shutdown_policy=${wanted}" in datacenter.cfg (Datacenter, Options, HA Settings), or another policy in the experiment`,
      },
    ];
  },
});
