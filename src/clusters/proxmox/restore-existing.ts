import type { CallParameters } from "../../clients/proxmox/form.ts";
import { waitForTask } from "../../clients/proxmox/wait-for-task.ts";
import type { ProxmoxVmBefore } from "../../model/cluster-facts.ts";
import {
  findVm,
  type HaResource,
  onlineNodes,
  readClusterStatus,
  readHaResource,
} from "../../clients/proxmox/calls.ts";
import { readCurrent } from "./current.ts";
import { leaveErrorState, takeOutOfHa, writeHaSettings } from "./ha-settings.ts";
import type { ProxmoxHandle } from "./prepare.ts";
import { stopVm } from "./remove.ts";
import type { Session } from "./session.ts";
import { found, stillWaiting, waitUntil } from "./wait-until.ts";

/** Puts HA settings, comment and power state of a VM back as they were found. It is never deleted. Safe to repeat. */
export async function restoreExisting(
  session: Session,
  desktop: ProxmoxHandle & { readonly before: ProxmoxVmBefore },
  signal: AbortSignal,
): Promise<void> {
  const { before, vmid } = desktop;
  if (before.ha !== null) {
    await leaveErrorState(session, vmid, signal);
    const there = await readHaResource(session.api, vmid, signal);
    const parameters = haParameters(before.ha, there);
    await writeHaSettings(session, { vmid, there }, parameters, signal);
    // From here on HA itself starts or stops it, as the restored state says.
    if (before.ha.state !== "ignored" && before.ha.state !== "disabled") return;
  } else {
    await takeOutOfHa(session, vmid, signal);
  }
  await restorePower(session, vmid, before.running, signal);
}

/**
 * What was not set is deleted, so that it follows the default again; but nothing that is not there: PVE 8 refuses a list
 * with a name that it does not know (`failback`).
 */
function haParameters(
  before: NonNullable<ProxmoxVmBefore["ha"]>,
  there: HaResource | null,
): CallParameters {
  const { state, ...optional } = before;
  const entries = Object.entries(optional);
  const isThere = new Set(Object.keys(there ?? {}));
  const unset = entries
    .filter(([name, value]) => value === null && isThere.has(name))
    .map(([name]) => name);
  return {
    state,
    ...Object.fromEntries(entries.filter(([, value]) => value !== null)),
    ...(unset.length > 0 ? { delete: unset.join(",") } : {}),
  };
}

async function restorePower(
  session: Session,
  vmid: number,
  running: boolean,
  signal: AbortSignal,
): Promise<void> {
  await waitUntil(
    `VM ${vmid} to be ${running ? "running" : "stopped"} again`,
    session.clock,
    async () => {
      const vm = await findVm(session.api, vmid, signal);
      if (vm === null) return found(null);
      const online = onlineNodes(await readClusterStatus(session.api, signal));
      if (!online.has(vm.node)) {
        return stillWaiting(`it on node ${vm.node}, which is offline: switch that node on`);
      }
      if ((await readCurrent(session, vm, signal)).running === running) return found(null);
      if (running) {
        const paths = session.api.paths(signal);
        const started: unknown = await paths.nodes.$(vm.node).qemu.$(vmid).status.start.$post();
        await waitForTask(started, session, signal);
      } else {
        await stopVm(session, vm, signal);
      }
      return stillWaiting(`it just told to ${running ? "start" : "stop"}`);
    },
    signal,
  );
}
