import { OperatingError } from "../../base/errors.ts";
import type { BmcAccess, NodeAccess, SshAccess } from "../../model/inventory.ts";

/** The victim's SSH, without which the fault cannot be: `check` refuses it before. */
export function sshOf({ name, ssh }: NodeAccess): SshAccess {
  if (ssh === null) throw noWayIn(name, "ssh");
  return ssh;
}

export function bmcOf({ name, bmc }: NodeAccess): BmcAccess {
  if (bmc === null) throw noWayIn(name, "bmc");
  return bmc;
}

const noWayIn = (victim: string, missing: "bmc" | "ssh"): OperatingError =>
  new OperatingError(
    "configuration",
    `Cannot reach ${victim} as the inventory lacks the way in: it has no ${missing} for it`,
  );
