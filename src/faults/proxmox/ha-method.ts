import { describeError, OperatingError } from "../../base/errors.ts";
import { minutes } from "../../base/time.ts";
import type { Maintenance, Migration } from "../../model/fault-spec.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { PlannedMethod } from "../planned-fault.ts";
import type { Reach } from "../reach.ts";
import type { HaView } from "./ha-view.ts";

/** What a method works with. */
export interface HaTools {
  readonly view: HaView;
  readonly reach: Reach;
  readonly nodes: readonly NodeAccess[];
}

/** A planned move of what runs on a node, by PVE's own HA. */
export const haMethod = (spec: Maintenance | Migration, tools: HaTools): PlannedMethod =>
  spec.kind === "maintenance" ? maintenance(tools) : migration(spec.to, tools.view);

/** A live migration copies the guest's memory; the longest that is waited for an interruption by it. */
const STRIKES_WITHIN = minutes(5);

function migration(to: string | null, view: HaView): PlannedMethod {
  const others = async (victim: string, signal: AbortSignal): Promise<readonly string[]> =>
    (await view.nodesOnline(signal)).filter((node) => node !== victim);
  return {
    title: `live migration to ${to ?? "another node"} through the API`,
    cure: "nothing is left to take back",
    strikesWithin: STRIKES_WITHIN,
    check: async (victim, signal) => {
      const online = await others(victim, signal);
      if (to === null ? online.length > 0 : online.includes(to)) return [];
      return [
        {
          guard: "migration-target",
          saw: `${to ?? "no other node"} is not a node that is online beside ${victim} (${online.join(", ")})`,
          needs: "a target that is online and is not the victim",
        },
      ];
    },
    inject: async ({ victim, desktop }, signal) => {
      const target = to ?? (await others(victim, signal))[0];
      if (desktop.kind !== "proxmox" || target === undefined) {
        throw new OperatingError("rejected", `Cannot migrate as no node but ${victim} is online`);
      }
      await view.migrate(desktop.vmid, target, signal);
    },
    look: async ({ victim, desktop }, signal) => {
      if (desktop.kind !== "proxmox") return null;
      const service = await view.service(desktop.vmid, signal);
      if (service === null) return null;
      if (service.state === "migrate") return "the CRM is migrating it";
      return service.node === victim ? null : `the CRM has it on ${service.node}`;
    },
    heal: async () => await Promise.resolve(),
  };
}

function maintenance(tools: HaTools): PlannedMethod {
  const { view } = tools;
  return {
    title: "HA maintenance over SSH",
    cure: "maintenance is disabled",
    strikesWithin: STRIKES_WITHIN,
    check: async (victim, signal) => [
      ...(survivors(victim, tools).length > 0
        ? []
        : [
            {
              guard: "ssh-reachable",
              saw: `the inventory has no ssh for any node but ${victim}`,
              needs: "ssh on another node, where ha-manager is run",
            },
          ]),
      ...((await view.inMaintenance(victim, signal))
        ? [
            {
              guard: "node-unmarked",
              saw: `${victim} is in HA maintenance already`,
              needs: "a node that nobody else maintains",
            },
          ]
        : []),
    ],
    inject: async ({ victim }, signal) => await haManager("enable", victim, tools, signal),
    look: async ({ victim }, signal) =>
      (await view.inMaintenance(victim, signal)) ? `${victim} is in HA maintenance` : null,
    heal: async (victim, signal) => {
      // Also where it is not there yet: the CRM may not have read our request so far.
      await haManager("disable", victim, tools, signal);
      if (!(await view.inMaintenance(victim, signal))) return;
      throw new OperatingError(
        "not-reached",
        `Cannot see ${victim} leave HA maintenance yet: the CRM does so in its next rounds`,
      );
    },
  };
}

const survivors = (victim: string, { nodes }: HaTools): readonly NodeAccess[] =>
  nodes.filter(({ name, ssh }) => name !== victim && ssh !== null);

/** Asked of one survivor after the other, since the API has no call for it (facts/proxmox-ve.md 2.2). */
async function haManager(
  verb: "enable" | "disable",
  victim: string,
  tools: HaTools,
  signal: AbortSignal,
): Promise<void> {
  const command = `ha-manager crm-command node-maintenance ${verb} ${victim}`;
  const failures: string[] = [];
  for (const { name, ssh } of survivors(victim, tools)) {
    if (ssh === null) continue;
    try {
      const end = await tools.reach.run(ssh, command, signal);
      if (end.kind === "exited" && end.code === 0) return;
      const said = end.kind === "exited" ? end.stderr.trim().slice(0, 200) : "it was cut off";
      failures.push(`${name}: ${said}`);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`${name}: ${describeError(error)}`);
    }
  }
  throw new OperatingError(
    "not-reached",
    `Cannot run "${command}" as no other node did it: ${failures.join("; ") || "none has ssh in the inventory"}`,
  );
}
