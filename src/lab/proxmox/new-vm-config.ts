import { randomUUID } from "node:crypto";
import type { VmConfig } from "../../twin/proxmox/proxmox-twin.ts";
import { parameterError } from "./api-error.ts";

const MODEL = /^(model=)?(virtio|e1000|e1000e|e1000-82540em|rtl8139|vmxnet3|ne2k_pci|pcnet)(=|,|$)/;

/** The configuration of a new VM: as given, its network cards checked, with the identity that PVE adds to each. */
export function newVmConfig(given: VmConfig): VmConfig {
  const errors: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    if (/^net\d+$/.test(key) && !MODEL.test(String(value))) {
      errors[key] =
        "invalid format - format error\nnet0.model: property is missing and it is not optional\n".replace(
          "net0",
          key,
        );
    }
  }
  if (Object.keys(errors).length > 0) throw parameterError(errors);
  return { ...given, smbios1: `uuid=${randomUUID()}`, vmgenid: randomUUID() };
}
