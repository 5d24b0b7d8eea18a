import { OperatingError } from "../../base/errors.ts";
import type { Whereabouts } from "../../model/cluster-facts.ts";
import { findVm, onlineNodes, readClusterStatus } from "../../clients/proxmox/calls.ts";
import { readCurrent } from "./current.ts";
import type { Session } from "./session.ts";

/** Where the configuration file is, and which QEMU runs there; no instance while that node is dead or does not answer. */
export async function whereabouts(
  session: Session,
  vmid: number,
  signal: AbortSignal,
): Promise<Whereabouts> {
  const vm = await findVm(session.api, vmid, signal);
  if (vm === null) return { node: null, instance: null };
  const online = onlineNodes(await readClusterStatus(session.api, signal));
  if (!mayAskNode(session, vm.node, online)) return { node: vm.node, instance: null };
  try {
    const { instance } = await readCurrent(session, vm, signal);
    return { node: vm.node, instance };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OperatingError && ["unreachable", "timed-out"].includes(error.code)) {
      return { node: vm.node, instance: null };
    }
    throw error;
  }
}

/**
 * Membership lags a death by corosync's time-outs, so that a node which is about to be killed is not asked until it was
 * seen to come back.
 */
export function mayAskNode(session: Session, node: string, online: ReadonlySet<string>): boolean {
  return online.has(node) && (session.api.avoided !== node || session.memory.returned.has(node));
}
