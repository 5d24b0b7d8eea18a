import { OperatingError } from "../../base/errors.ts";
import { parse } from "../../clients/shared/parse.ts";
import { storageResources } from "../../clients/proxmox/replies.ts";
import { readConfig } from "../../clients/proxmox/calls.ts";
import type { Session } from "./session.ts";

const DISK = /^(scsi|virtio|ide|sata|efidisk|tpmstate|unused)\d+$/;
const PASSTHROUGH = /^(hostpci|usb)\d+$/;

type Config = Readonly<Record<string, string | number>>;

/**
 * Rejects with `unsafe` when the VM could not start on another node: HA would recover it to an error. A lab has storage
 * for show only, so that it is not asked.
 */
export async function assertMovable(
  session: Session,
  vm: { readonly node: string; readonly vmid: number },
  signal: AbortSignal,
): Promise<void> {
  if (session.cluster.lab !== null) return;
  const config = await readConfig(session.api, vm, signal);
  const data: unknown = await session.api.paths(signal).cluster.resources.$get({ type: "storage" });
  const storages = parse(storageResources, data, "GET /cluster/resources");
  const shared = new Set(storages.filter((each) => each.shared).map((each) => each.storage));
  const reasons = whatTiesItToItsNode(config, shared);
  if (reasons.length === 0) return;
  throw new OperatingError(
    "unsafe",
    `Cannot use VM ${vm.vmid} as it could not start on another node: ${reasons.join("; ")}. Move its disks (the cloud-init volume too) to shared storage and take passed-through devices out`,
    { facts: { vmid: vm.vmid, node: vm.node } },
  );
}

/** In words, one for each; empty: it may run anywhere. */
export function whatTiesItToItsNode(
  config: Config,
  sharedStorages: ReadonlySet<string>,
): readonly string[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const text = String(value);
    if (PASSTHROUGH.test(key) && !text.includes("spice")) {
      return text.includes("mapping=") ? [] : [`${key} is a device of the host`];
    }
    if (!DISK.test(key)) return [];
    const [storage, volume] = (text.split(",")[0] ?? "").split(":");
    if (storage === undefined || volume === undefined) {
      return text.startsWith("/") ? [`${key} is ${text.split(",")[0] ?? ""}`] : [];
    }
    return sharedStorages.has(storage) ? [] : [`${key} is on local storage ${storage}`];
  });
}
