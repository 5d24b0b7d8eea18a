import { OperatingError } from "../../base/errors.ts";
import { ProxmoxApiError } from "../../clients/proxmox/api-error.ts";
import type { VmResource } from "../../clients/proxmox/replies.ts";
import { waitForTask } from "../../clients/proxmox/wait-for-task.ts";
import { findVm, onlineNodes, readClusterStatus, readConfig } from "../../clients/proxmox/calls.ts";
import { readCurrent } from "./current.ts";
import { takeOutOfHa } from "./ha-settings.ts";
import { bearsMark } from "./mark.ts";
import { isMarkedInHa } from "./marked-in-ha.ts";
import type { ProxmoxHandle } from "./prepare.ts";
import type { Session } from "./session.ts";
import type { Found } from "./wait-until.ts";
import { found, stillWaiting, waitUntil } from "./wait-until.ts";

/**
 * Takes a clone of ours away: out of HA, stopped, deleted with its disks and its entries in jobs and HA (`purge`, and
 * never disks that nobody refers to). Does nothing to a guest without the mark. Safe to repeat.
 */
export async function removeOwned(
  session: Session,
  desktop: ProxmoxHandle,
  signal: AbortSignal,
): Promise<void> {
  const vm = await markedVm(session, desktop, signal);
  if (vm !== null || (await isMarkedInHa(session, desktop, signal))) {
    await takeOutOfHa(session, desktop.vmid, signal);
  }
  // By then it may have moved.
  const free = vm === null ? null : await markedVm(session, desktop, signal);
  if (free === null) return;
  await stopVm(session, free, signal);
  await deleteVm(session, free, signal);
}

/**
 * The VM, on a node that is alive, proven to be ours; null when there is none. The number alone proves nothing: nextid
 * reserves none, so that somebody else's guest may have it by now. Rejects with `unsafe` where a VM of our name lacks the mark.
 */
async function markedVm(
  session: Session,
  desktop: ProxmoxHandle,
  signal: AbortSignal,
): Promise<VmResource | null> {
  return await waitUntil(
    `VM ${desktop.vmid} to be within reach`,
    session.clock,
    async (): Promise<Found<VmResource | null>> => {
      const vm = await onLivingNode(session, desktop.vmid, signal);
      if (!vm.done || vm.value === null) return vm;
      if (vm.value.type !== "qemu") return found(null);
      const config = await readConfig(session.api, vm.value, signal).catch(notThereAnyMore);
      if (config === null) return stillWaiting("its configuration on the move");
      if (bearsMark(config, desktop.mark)) return vm;
      // A clone gets its name and description at its end; until then it is locked.
      if (config["lock"] === "clone") return stillWaiting("a clone still being made");
      if (config["name"] !== desktop.name) return found(null);
      throw new OperatingError(
        "unsafe",
        `Cannot remove VM ${desktop.vmid} as it does not bear this trial's mark: its description does not hold mark=${desktop.mark}. Delete it if this trial made it, give it another name than ${desktop.name} if not; then restore again`,
        { facts: { vmid: desktop.vmid, node: vm.value.node } },
      );
    },
    signal,
  );
}

async function onLivingNode(
  session: Session,
  vmid: number,
  signal: AbortSignal,
): Promise<Found<VmResource | null>> {
  const vm = await findVm(session.api, vmid, signal);
  if (vm === null) return found(null);
  const online = onlineNodes(await readClusterStatus(session.api, signal));
  return online.has(vm.node)
    ? found(vm)
    : stillWaiting(`it on node ${vm.node}, which is offline: switch that node on`);
}

/** Stops QEMU hard. Not for a VM under HA: there it would only be a request. */
export async function stopVm(
  session: Session,
  vm: { readonly node: string; readonly vmid: number },
  signal: AbortSignal,
): Promise<void> {
  if (!(await readCurrent(session, vm, signal)).running) return;
  const paths = session.api.paths(signal);
  const started: unknown = await paths.nodes.$(vm.node).qemu.$(vm.vmid).status.stop.$post();
  await waitForTask(started, session, signal);
}

async function deleteVm(
  session: Session,
  vm: { readonly node: string; readonly vmid: number },
  signal: AbortSignal,
): Promise<void> {
  try {
    const paths = session.api.paths(signal);
    const started: unknown = await paths.nodes.$(vm.node).qemu.$(vm.vmid).$delete({ purge: true });
    await waitForTask(started, session, signal);
  } catch (error) {
    if (!(error instanceof ProxmoxApiError) || !error.saysMissing) throw error;
  }
}

function notThereAnyMore(error: unknown): null {
  if (error instanceof ProxmoxApiError && error.saysMissing) return null;
  throw error;
}
