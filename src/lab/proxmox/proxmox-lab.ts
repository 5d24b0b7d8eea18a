import { inSeconds, sinceOrigin } from "../../base/time.ts";
import type { BmcProtocol } from "../../model/fault-spec.ts";
import type { SafetyLimits } from "../../model/safety.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import { createProxmoxTwin } from "../../twin/proxmox/create-proxmox-twin.ts";
import type { LabContext, RunningLabCluster } from "../lab-cluster.ts";
import { serveProxmox } from "./serve-proxmox.ts";

/** A Proxmox VE cluster that answers: a twin, and in front of it all that a real one has on the wire. */
export async function createProxmoxLab(
  options: {
    readonly name: string;
    readonly safety: SafetyLimits;
    readonly bmc: BmcProtocol;
    readonly settings: ProxmoxSettings;
  },
  context: LabContext,
): Promise<RunningLabCluster> {
  context.twinTime.catchUp();
  const { queue } = context.twinTime;
  const twin = createProxmoxTwin({
    clusterName: options.name,
    settings: options.settings,
    scheduler: queue,
    random: context.random.fork(`proxmox/${options.name}`),
    wallOrigin: context.twinTime.wallSeconds() - inSeconds(sinceOrigin(queue.now())),
  });
  return await serveProxmox({ ...options, twin }, context);
}
