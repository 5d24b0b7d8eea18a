import { createHash } from "node:crypto";
import type { VmConfig, VmState } from "../../twin/proxmox/proxmox-twin.ts";

/** Keys that PVE's schema types as integer or boolean, and therefore prints as numbers; `memory` is text. */
const NUMERIC = new Set(
  (
    "acpi autostart balloon ciupgrade cores cpulimit cpuunits freeze keephugepages kvm localtime migrate_downtime " +
    "migrate_speed numa onboot protection reboot shares sockets tablet tdf template vcpus"
  ).split(" "),
);

/** The VM's configuration as the API prints it. */
export function printedConfig(vm: VmState): Readonly<Record<string, string | number>> {
  const printed: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(vm.config)) {
    // A copy of a template is none, whatever the twin copied.
    if (value === "" || (key === "template" && !vm.template)) continue;
    printed[key] = NUMERIC.has(key) ? Number(value) : String(value);
  }
  return { ...printed, digest: digestOf(vm.config) };
}

/** Like PVE's digest it changes whenever the thing does. */
export const digestOf = (content: unknown): string =>
  createHash("sha1").update(JSON.stringify(content)).digest("hex");

export const nameOf = (vm: VmState): string => {
  const name = vm.config["name"];
  return name === undefined || name === "" ? `VM ${vm.vmid}` : String(name);
};

const MIB = 1_048_576;
const DEFAULT_MEMORY_MIB = 512;

export const memoryBytes = (config: VmConfig): number =>
  Number(config["memory"] ?? DEFAULT_MEMORY_MIB) * MIB;

export const hasAgent = (config: VmConfig): boolean =>
  /^(enabled=)?1(,|$)/.test(String(config["agent"] ?? ""));
