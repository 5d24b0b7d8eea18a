import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Site } from "./control-plane.ts";
import { Daemon } from "./run.ts";
import type { Worker } from "./worker.ts";

/** `ipmi_sim` as the BMC of one worker: its chassis is the worker's power. */
export async function startBmc(worker: Worker, site: Site, powerSocket: string): Promise<Daemon> {
  const { layout } = worker;
  const folder = join(layout.folder, "bmc");
  await mkdir(folder, { mode: 0o700, recursive: true });
  const chassis = join(folder, "chassis.sh");
  await writeFile(chassis, chassisScript(layout.name, powerSocket), { mode: 0o700 });
  await writeFile(join(folder, "sim.emu"), EMULATION);
  await writeFile(join(folder, "lan.conf"), await lanConfiguration(worker, site, chassis), {
    mode: 0o600,
  });
  const files = ["-c", join(folder, "lan.conf"), "-f", join(folder, "sim.emu"), "-s", folder];
  // -n: no console on standard input; -p: what is set is forgotten with the process.
  return new Daemon(`bmc of ${layout.name}`, site.lan.inside(["ipmi_sim", ...files, "-n", "-p"]), {
    folder: site.layout.folder,
    logFile: join(site.layout.folder, `logs/bmc-${layout.name}.log`),
  });
}

async function lanConfiguration(worker: Worker, site: Site, chassis: string): Promise<string> {
  const { bmcUser, bmcPassword } = site.credentials;
  const methods = "none md2 md5 straight";
  return `name "${worker.layout.name}"
set_working_mc 0x20
  startlan 1
    addr ${site.layout.controlAddress} ${worker.layout.bmcPort}
    priv_limit admin
    allowed_auths_callback ${methods}
    allowed_auths_user ${methods}
    allowed_auths_operator ${methods}
    allowed_auths_admin ${methods}
    guid ${guidOf(worker.identity.systemUuid)}
  endlan
  chassis_control "${chassis}"
  user 1 false "" "" user 1 ${methods}
  user 2 true "${bmcUser}" "${await readFile(bmcPassword, "utf8")}" admin 10 ${methods}
`;
}

/** IPMI 2.0, table 20-10: the bytes of the UUID backwards. */
const guidOf = (uuid: string): string =>
  Buffer.from(Buffer.from(uuid.replaceAll("-", ""), "hex").toReversed()).toString("hex");

/** ipmi_sim runs it with what it wants to know or to have done, and takes what it prints. */
const chassisScript = (worker: string, powerSocket: string): string => `#!/bin/bash
exec 3< <(socat -t 30 - "UNIX-CONNECT:${powerSocket}" <<<"${worker} $*")
while IFS= read -r -t 30 line <&3; do
  case $line in .) exit 0 ;; error*) exit 1 ;; *) printf '%s\\n' "$line" ;; esac
done
exit 1
`;

const EMULATION = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
sel_enable 0x20 1000 0x0a
mc_enable 0x20
`;
