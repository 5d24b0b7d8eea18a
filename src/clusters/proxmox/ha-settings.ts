import { ProxmoxApiError } from "../../clients/proxmox/api-error.ts";
import type { CallParameters } from "../../clients/proxmox/form.ts";
import {
  readHaResource,
  readManagerStatus,
  sidOf,
  type HaResource,
} from "../../clients/proxmox/calls.ts";
import type { Session } from "./session.ts";
import { found, stillWaiting, waitUntil } from "./wait-until.ts";

/**
 * Puts a VM under HA, started, so that it stays where recovery has put it (`failback 0`; PVE 8 does not know it and is
 * asked without: there it is a property of groups, which this tool does not use).
 */
export async function putUnderHa(
  session: Session,
  wanted: { readonly vmid: number; readonly comment: string },
  signal: AbortSignal,
): Promise<void> {
  const there = await readHaResource(session.api, wanted.vmid, signal);
  const change = { vmid: wanted.vmid, there };
  const settings = { state: "started", comment: wanted.comment };
  try {
    await writeHaSettings(session, change, { ...settings, failback: 0 }, signal);
  } catch (error) {
    if (!(error instanceof ProxmoxApiError) || error.errors["failback"] === undefined) throw error;
    await writeHaSettings(session, change, settings, signal);
  }
}

/** Creates or changes a VM's HA settings; `delete` names those that go back to their default. */
export async function writeHaSettings(
  session: Session,
  change: { readonly vmid: number; readonly there: HaResource | null },
  parameters: CallParameters,
  signal: AbortSignal,
): Promise<void> {
  const sid = sidOf(change.vmid);
  const base = "/cluster/ha/resources";
  await session.api.call(
    change.there === null
      ? { method: "POST", path: base, parameters: { sid, ...parameters } }
      : { method: "PUT", path: `${base}/${sid}`, parameters },
    signal,
  );
}

/**
 * HA takes no wish for a service that it has given up on but to disable it (PVE/API2/HA/Resources.pm,
 * check_service_state): it is disabled, until the CRM has seen that. Does nothing to any other service.
 */
export async function leaveErrorState(
  session: Session,
  vmid: number,
  signal: AbortSignal,
): Promise<void> {
  const sid = sidOf(vmid);
  await waitUntil(
    `HA to take service ${sid} out of its error state`,
    session.clock,
    async () => {
      const { manager_status: manager } = await readManagerStatus(session.api, signal);
      const service = manager.service_status[sid];
      if (service?.state !== "error") return found(undefined);
      const there = await readHaResource(session.api, vmid, signal);
      if (there === null) return found(undefined);
      if (there.state !== "disabled") {
        await writeHaSettings(session, { vmid, there }, { state: "disabled" }, signal);
      }
      return stillWaiting(`service ${sid} ${service.state} on ${service.node}`);
    },
    signal,
  );
}

/** Takes a VM out of HA and waits until the CRM has forgotten it: before, its LRM would start it again. */
export async function takeOutOfHa(
  session: Session,
  vmid: number,
  signal: AbortSignal,
): Promise<void> {
  const sid = sidOf(vmid);
  const path = `/cluster/ha/resources/${sid}`;
  await waitUntil(
    `HA to let go of VM ${vmid}`,
    session.clock,
    async () => {
      if ((await readHaResource(session.api, vmid, signal)) !== null) {
        try {
          await session.api.call({ method: "DELETE", path }, signal);
        } catch (error) {
          if (!(error instanceof ProxmoxApiError) || !error.saysMissing) throw error;
        }
      }
      const { manager_status: manager } = await readManagerStatus(session.api, signal);
      const service = manager.service_status[sid];
      return service === undefined
        ? found(undefined)
        : stillWaiting(`service ${sid} ${service.state} on ${service.node}`);
    },
    signal,
  );
}
