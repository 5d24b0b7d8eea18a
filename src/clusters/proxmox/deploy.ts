import { OperatingError } from "../../base/errors.ts";
import type { DesktopRequest } from "../../contracts/cluster-driver.ts";
import type { Whereabouts } from "../../model/cluster-facts.ts";
import type { ProxmoxDesktop } from "../../model/experiment.ts";
import { findVm, readConfig, readManagerStatus, sidOf } from "../../clients/proxmox/calls.ts";
import { readCurrent } from "./current.ts";
import { putUnderHa } from "./ha-settings.ts";
import { readHealth } from "./health.ts";
import { bearsMark, descriptionFor } from "./mark.ts";
import { fittingNodes, pick } from "./placement.ts";
import type { ProxmoxHandle } from "./prepare.ts";
import type { Session } from "./session.ts";
import type { Found } from "./wait-until.ts";
import { found, stillWaiting, waitUntil } from "./wait-until.ts";
import { waitForTask } from "../../clients/proxmox/wait-for-task.ts";

type CloneSource = Extract<ProxmoxDesktop["source"], { kind: "clone" }>;
type ProxmoxRequest = DesktopRequest & { readonly spec: ProxmoxDesktop };

/**
 * 1. Choose a node that fits the placement.
 * 2. Clone the template there and mark the clone as ours; or, for an existing VM, leave it where it is.
 * 3. Put it under HA, started, and wait until CRM and QEMU both say that it runs.
 * 4. Move an existing VM that is not where it was wanted.
 * HA may still put it elsewhere: then that is where it is.
 */
export async function deploy(
  session: Session,
  desktop: ProxmoxHandle,
  request: ProxmoxRequest,
  signal: AbortSignal,
): Promise<Whereabouts> {
  const { nodes } = await readHealth(session, signal);
  const fitting = fittingNodes(request.placement, nodes);
  const { source } = request.spec;
  if (source.kind === "clone") {
    const target = pick(fitting, session.random.fork(desktop.mark));
    await clone(session, desktop, { source, target }, signal);
  }
  await putUnderHa(session, { vmid: desktop.vmid, comment: descriptionFor(desktop) }, signal);
  const there = await waitUntilRunning(session, desktop.vmid, () => true, signal);
  if (source.kind === "clone" || there.node === null || fitting.includes(there.node)) return there;
  const target = pick(fitting, session.random.fork(desktop.mark));
  await migrate(session, desktop.vmid, target, signal);
  return await waitUntilRunning(session, desktop.vmid, (node) => node === target, signal);
}

async function clone(
  session: Session,
  desktop: ProxmoxHandle,
  wanted: { readonly source: CloneSource; readonly target: string },
  signal: AbortSignal,
): Promise<void> {
  const { api } = session;
  const { source, target } = wanted;
  const template = await findVm(api, source.template, signal);
  if (template === null) {
    throw new OperatingError(
      "configuration",
      `Cannot clone VM ${source.template} as there is no such VM any more`,
    );
  }
  const description = descriptionFor(desktop);
  const started: unknown = await api
    .paths(signal)
    .nodes.$(template.node)
    .qemu.$(source.template)
    .clone.$post({
      newid: desktop.vmid,
      name: desktop.name,
      description,
      ...(target === template.node ? {} : { target }),
      ...(source.pool === null ? {} : { pool: source.pool }),
    });
  await waitForTask(started, session, signal);
  const made = { node: target, vmid: desktop.vmid };
  if (bearsMark(await readConfig(api, made, signal), desktop.mark)) return;
  await api.paths(signal).nodes.$(made.node).qemu.$(made.vmid).config.$put({ description });
}

/** Over HA, which does it in its own time: the answer says nothing about the result. */
async function migrate(
  session: Session,
  vmid: number,
  node: string,
  signal: AbortSignal,
): Promise<void> {
  await session.api.paths(signal).cluster.ha.resources.$(sidOf(vmid)).migrate.$post({ node });
}

async function waitUntilRunning(
  session: Session,
  vmid: number,
  accepts: (node: string) => boolean,
  signal: AbortSignal,
): Promise<Whereabouts> {
  return await waitUntil(
    `VM ${vmid} to run under HA`,
    session.clock,
    async () => lookForRunning(session, vmid, accepts, signal),
    signal,
  );
}

async function lookForRunning(
  session: Session,
  vmid: number,
  accepts: (node: string) => boolean,
  signal: AbortSignal,
): Promise<Found<Whereabouts>> {
  const { manager_status: manager } = await readManagerStatus(session.api, signal);
  const service = manager.service_status[sidOf(vmid)];
  if (service === undefined) return stillWaiting("that the CRM does not know it yet");
  const { state, node } = service;
  if (state === "error") {
    throw new OperatingError(
      "rejected",
      `Cannot run VM ${vmid} as HA has given up on it: its service is in state error on ${node}. See the task log of ${node} for its last start`,
    );
  }
  if (state !== "started" || !service.running || !accepts(node)) {
    return stillWaiting(`its service ${state}${service.running ? "" : ", not running"} on ${node}`);
  }
  const { running, instance } = await readCurrent(session, { node, vmid }, signal);
  return running ? found({ node, instance }) : stillWaiting(`QEMU not running on ${node}`);
}
