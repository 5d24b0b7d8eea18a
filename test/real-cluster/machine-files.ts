import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSshKey, fingerprintOf } from "./credentials.ts";
import type { Layout, WorkerLayout } from "./layout.ts";
import { run } from "./run.ts";
import type { Site } from "./control-plane.ts";
import { harness } from "./repository.ts";
import { unitsOf, writeKubernetesFiles } from "./node-files.ts";

/** What tells one worker from another, and stays the same as long as it exists. */
export interface MachineIdentity {
  /** As `/sys/class/dmi/id/product_uuid` shows it. */
  readonly systemUuid: string;
  /** `SHA256:...` of its SSH host key. */
  readonly hostKey: string;
}

/** Seconds until a unit that died is started again: RestartSec of kubelet.service. */
const RESTART_SECONDS = 10;

const FOLDERS =
  `root disk/etc disk/etc-work disk/root disk/var/lib disk/var/log disk/var/tmp machine/units
machine/usr/bin machine/usr/sbin machine/usr/local/bin machine/usr/local/sbin machine/sys-class/dmi/id
machine/etc/ssh machine/etc/cni/net.d machine/etc/kubernetes`.split(/\s/u);

/** Lays out the hardware, the system and the empty disk of a worker. Once; boots use them again and again. */
export async function createMachine(worker: WorkerLayout, site: Site): Promise<MachineIdentity> {
  const machine = join(worker.folder, "machine");
  for (const folder of FOLDERS) await mkdir(join(worker.folder, folder), { recursive: true });
  await run("ln", ["-s", "/run", join(worker.folder, "disk/var/run")]);
  await run("mkfifo", ["-m", "600", join(worker.folder, "power")]);
  await copyScripts(machine);
  const systemUuid = randomUUID();
  await writeFile(join(machine, "sys-class/dmi/id/product_uuid"), `${systemUuid}\n`);
  await writeFile(join(machine, "machine.env"), environment(worker, site.layout));
  await writeSystemFiles(worker, site, join(machine, "etc"));
  await writeKubernetesFiles(worker, site, join(machine, "etc"));
  for (const [unit, command] of unitsOf(worker, site.layout)) {
    const script = `#!/bin/sh\nexec ${command.join(" \\\n  ")}\n`;
    await writeFile(join(machine, "units", unit), script, { mode: 0o755 });
  }
  const hostKey = await fingerprintOf(join(machine, "etc/ssh/host-key.pub"));
  return { systemUuid, hostKey };
}

async function copyScripts(machine: string): Promise<void> {
  const from = join(harness, "machine");
  const copies = {
    "boot.sh": "boot.sh",
    "init.sh": "init.sh",
    "shims/systemctl": "usr/bin/systemctl",
    "shims/poweroff": "usr/sbin/poweroff",
    "shims/reboot": "usr/sbin/reboot",
    "shims/node-shell": "usr/local/sbin/node-shell",
  };
  for (const [source, target] of Object.entries(copies)) {
    await copyFile(join(from, source), join(machine, target));
    await chmod(join(machine, target), 0o755);
  }
  await copyFile(join(from, "shims/poweroff"), join(machine, "usr/sbin/halt"));
  for (const program of ["kubelet", "kube-proxy", "kube-apiserver"]) {
    await run("ln", ["-s", `/opt/kubernetes/${program}`, join(machine, "usr/local/bin", program)]);
  }
}

function environment(worker: WorkerLayout, { workers }: Layout): string {
  const routes = workers
    .filter(({ name }) => name !== worker.name)
    .map(({ podNetwork, address }) => `${podNetwork},${address}`);
  return `NAME=${worker.name}
ADDRESS=${worker.address}
ROUTES="${routes.join(" ")}"
RESTART_SECONDS=${RESTART_SECONDS}
`;
}

async function writeSystemFiles(worker: WorkerLayout, site: Site, etc: string): Promise<void> {
  const write = async (name: string, text: string, mode = 0o644): Promise<void> =>
    await writeFile(join(etc, name), text, { mode });
  await createSshKey(join(etc, "ssh/host-key"));
  await copyFile(`${site.credentials.sshKey}.pub`, join(etc, "ssh/root-keys"));
  await write("ssh/sshd_config", SSHD);
  await write("hostname", `${worker.name}\n`);
  await write("hosts", `127.0.0.1 localhost\n${worker.address} ${worker.name}\n`);
  await write("resolv.conf", "");
  await write("machine-id", `${randomUUID().replaceAll("-", "")}\n`, 0o444);
  const users = await readFile("/etc/passwd", "utf8");
  await write("passwd", users.replace(/^root:.*$/mu, `root:x:0:0:root:/root:${rootShell()}`));
  // Neither a password, nor "!", which sshd takes for a locked account.
  await write("shadow", "root:*:19000:0:99999:7:::\n", 0o640);
  await write("shells", `/bin/bash\n${NODE_SHELL}\n`);
}

const NODE_SHELL = "/usr/local/sbin/node-shell";

const rootShell = (): string => (existsSync("/proc/sysrq-trigger") ? "/bin/bash" : NODE_SHELL);

const SSHD = `HostKey /etc/ssh/host-key
AuthorizedKeysFile /etc/ssh/root-keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PidFile none
MaxStartups 100
`;
