import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLabNetwork } from "../../../src/lab/network/create-network.ts";
import type { LabHost, LabNetwork } from "../../../src/lab/network/network.ts";
import { serveSsh } from "../../../src/lab/ssh/serve-ssh.ts";
import { newSshKey } from "../../../src/lab/ssh/ssh-key.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { requires } from "../../support/requires.ts";
import { FakeMachine } from "../fake-machine.ts";

const needed = requires({ ssh: "openssh-client" });
const PORT = 2222;

describe.skipIf(needed.skip)(`OpenSSH's ssh${needed.note}`, () => {
  const clock = new SystemClock();
  const machine = new FakeMachine("pve1");
  const hostKey = newSshKey("host");
  const userKey = newSshKey("user");
  let folder = "";
  let network: LabNetwork;
  let host: LabHost;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "blackout-ssh-"));
    network = await createLabNetwork(clock);
    host = await network.addHost("pve1");
    const identity = {
      hostKeyPem: hostKey.privateKey,
      authorizedKey: userKey.publicKey,
      hostname: "pve1",
    };
    await serveSsh(host, PORT, machine, identity, clock);
    writeFileSync(join(folder, "key"), userKey.privateKey, { mode: 0o600 });
    writeFileSync(join(folder, "known_hosts"), `[${host.address}]:${PORT} ${hostKey.publicKey}\n`);
  });
  afterAll(async () => {
    await network.close();
    rmSync(folder, { recursive: true });
  });

  const ssh = async (...command: readonly string[]): Promise<string> => {
    const options = [
      "StrictHostKeyChecking=yes",
      `UserKnownHostsFile=${folder}/known_hosts`,
      "BatchMode=yes",
    ];
    const args = [
      "-F",
      "/dev/null",
      "-i",
      join(folder, "key"),
      "-p",
      String(PORT),
      ...options.flatMap((option) => ["-o", option]),
      `root@${host.address}`,
    ];
    return (await promisify(execFile)("ssh", [...args, ...command], { timeout: 20_000 })).stdout;
  };

  test("logs in, with the host key checked, and reads who the node is", async () => {
    expect(await ssh("hostname; cat /sys/class/dmi/id/product_uuid")).toBe(
      `pve1\n${machine.uuid}\n`,
    );
  });

  test("is told 127 for what the lab does not understand", async () => {
    await expect(ssh("ls")).rejects.toMatchObject({ code: 127 });
  });

  test("sees a network timer run, and leaves it running behind it", async () => {
    const script = "sleep 60; ip link set dev eth0 up";
    await ssh(`setsid sh -c '${script}' blackout-network-timer >/dev/null 2>&1 </dev/null &`);
    expect(await ssh("pgrep -f 'blackout-network-[t]imer'")).toMatch(/^\d+\n$/);
    await expect(ssh("systemctl is-active sshd")).rejects.toMatchObject({ code: 4 });
  });

  test("powers the node off", async () => {
    await ssh(
      "setsid sh -c 'sleep 0.05; echo o > /proc/sysrq-trigger' >/dev/null 2>&1 < /dev/null &",
    );
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(machine.log).toEqual(["power-off"]);
  });
});
