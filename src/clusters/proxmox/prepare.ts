import { OperatingError } from "../../base/errors.ts";
import { parse } from "../../clients/shared/parse.ts";
import type { VmResource } from "../../clients/proxmox/replies.ts";
import { nextId } from "../../clients/proxmox/replies.ts";
import type { DesktopRequest } from "../../contracts/cluster-driver.ts";
import type { DesktopHandle, ProxmoxVmBefore } from "../../model/cluster-facts.ts";
import type { ProxmoxDesktop } from "../../model/experiment.ts";
import { findVm, readHaResource } from "../../clients/proxmox/calls.ts";
import { readCurrent } from "./current.ts";
import { assertMovable } from "./movable.ts";
import type { Session } from "./session.ts";

export type ProxmoxHandle = Extract<DesktopHandle, { kind: "proxmox" }>;

/** Chooses VMID and name of the clone, or reads what has to be put back of an existing VM. Changes nothing. */
export async function prepare(
  session: Session,
  request: DesktopRequest & { readonly spec: ProxmoxDesktop },
  signal: AbortSignal,
): Promise<ProxmoxHandle> {
  const { source } = request.spec;
  const handle =
    source.kind === "clone"
      ? await prepareClone(session, { ...request, template: source.template }, signal)
      : await prepareExisting(session, { vmid: source.vmid, mark: request.mark }, signal);
  session.memory.own.add(handle.vmid);
  session.memory.late.prepared(handle.mark);
  return handle;
}

async function prepareClone(
  session: Session,
  wanted: { readonly trial: string; readonly mark: string; readonly template: number },
  signal: AbortSignal,
): Promise<ProxmoxHandle> {
  const template = await existing(session, wanted.template, signal);
  if (!template.template) {
    throw new OperatingError(
      "configuration",
      `Cannot clone VM ${wanted.template} as it is no template. Convert it (qm template ${wanted.template}), or use it as it is with desktop.source.existing`,
    );
  }
  await assertMovable(session, template, signal);
  const said: unknown = await session.api.paths(signal).cluster.nextid.$get();
  return {
    kind: "proxmox",
    vmid: parse(nextId, said, "GET /cluster/nextid"),
    name: nameFor(wanted.trial),
    mark: wanted.mark,
    owned: true,
    before: null,
  };
}

async function prepareExisting(
  session: Session,
  wanted: { readonly vmid: number; readonly mark: string },
  signal: AbortSignal,
): Promise<ProxmoxHandle> {
  const vm = await existing(session, wanted.vmid, signal);
  if (vm.template) {
    throw new OperatingError(
      "configuration",
      `Cannot start VM ${wanted.vmid} as it is a template. Clone it with desktop.source.clone`,
    );
  }
  await assertMovable(session, vm, signal);
  return {
    kind: "proxmox",
    vmid: vm.vmid,
    name: vm.name,
    mark: wanted.mark,
    owned: false,
    before: await readBefore(session, vm, signal),
  };
}

async function readBefore(
  session: Session,
  vm: VmResource,
  signal: AbortSignal,
): Promise<ProxmoxVmBefore> {
  const current = await readCurrent(session, vm, signal);
  const ha = await readHaResource(session.api, vm.vmid, signal);
  return {
    running: current.running,
    node: vm.node,
    ha:
      ha === null
        ? null
        : {
            state: ha.state,
            failback: ha.failback ?? null,
            comment: ha.comment ?? null,
            max_restart: ha.max_restart ?? null,
            max_relocate: ha.max_relocate ?? null,
          },
  };
}

async function existing(session: Session, vmid: number, signal: AbortSignal): Promise<VmResource> {
  const vm = await findVm(session.api, vmid, signal);
  if (vm?.type === "qemu") return vm;
  throw new OperatingError(
    "configuration",
    `Cannot use VM ${vmid} of ${session.cluster.name} as there is no such VM, or the API token may not see it (VM.Audit)`,
  );
}

/** PVE takes DNS names only: letters, digits and hyphens, at most 63. */
export function nameFor(trial: string): string {
  const safe = `blackout-${trial}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return safe.slice(0, 63).replace(/-+$/, "");
}
