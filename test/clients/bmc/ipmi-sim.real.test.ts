import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createSocket } from "node:dgram";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BmcSession } from "../../../src/clients/bmc/bmc-session.ts";
import { openBmc } from "../../../src/clients/bmc/open-bmc.ts";
import type { IpmiAccess } from "../../../src/model/inventory.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { requires } from "../../support/requires.ts";

const needed = requires({ ipmi_sim: "openipmi", ipmitool: "ipmitool" });
const GUID = "a123456789abcdefa123456789abcdef";

/** The BMC of Debian's package openipmi: written by others, so that client and server cannot share a mistake. */
describe.skipIf(needed.skip)(`our IPMI client and ipmitool against ipmi_sim${needed.note}`, () => {
  let folder = "";
  let simulator: ChildProcess | null = null;
  let port = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "blackout-ipmi-sim-"));
    port = await freePort();
    writeFileSync(join(folder, "lan.conf"), lanConfiguration(port, folder));
    writeFileSync(join(folder, "sim.emu"), EMULATION);
    writeFileSync(join(folder, "chassis.sh"), chassis(folder), { mode: 0o755 });
    const files = ["-c", join(folder, "lan.conf"), "-f", join(folder, "sim.emu")];
    simulator = spawn("ipmi_sim", [...files, "-s", folder, "-n", "-p"], { stdio: "ignore" });
    for (let tries = 0; tries < 100 && !(await answers()); tries++) await pause(100);
  });
  afterAll(() => {
    simulator?.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  const open = async (change: Partial<IpmiAccess> = {}, password = "secret"): Promise<BmcSession> =>
    await openBmc(
      {
        kind: "ipmi",
        host: "127.0.0.1",
        port,
        user: "admin",
        password: { kind: "env", name: "X" },
        cipher_suite: 3,
        via: "builtin",
        mapping: "asserted",
        ...change,
      },
      {
        clock: new SystemClock(),
        secrets: { resolve: async () => password },
        signal: new AbortController().signal,
      },
    );
  const answers = async (): Promise<boolean> => {
    try {
      await (await open()).close();
      return true;
    } catch {
      return false;
    }
  };

  for (const via of ["builtin", "ipmitool"] as const) {
    it(`switches off, on, cycles and resets (via ${via})`, async () => {
      const session = await open({ via });
      await session.control("on");
      expect(await session.power()).toBe("on");
      await session.control("off");
      expect(await session.power()).toBe("off");
      await session.control("on");
      await session.control("reset");
      await session.control("cycle");
      await expect.poll(async () => await session.power(), { timeout: 5000 }).toBe("on");
      await session.close();
    });

    it(`reads the GUID (via ${via})`, async () => {
      const session = await open({ via });
      const plain = (await session.systemUuids()).map((uuid) => uuid.replaceAll("-", ""));
      expect(plain).toContain(GUID);
      await session.close();
    });
  }

  it("tells a wrong password and an unknown user from silence", async () => {
    await expect(open({}, "nope")).rejects.toMatchObject({ code: "denied" });
    await expect(open({ user: "ghost" })).rejects.toMatchObject({ code: "denied" });
    await expect(open({ via: "ipmitool" }, "nope")).rejects.toMatchObject({
      code: "unreachable",
    });
  });

  it("says that suite 17 is not offered, and which to try", async () => {
    await expect(open({ cipher_suite: 17 })).rejects.toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/cipher_suite: 3/u),
    });
  });
});

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => {
    socket.bind(0, "127.0.0.1", resolve);
  });
  const { port } = socket.address();
  socket.close();
  return port;
}

const lanConfiguration = (port: number, folder: string): string => `name "node"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${port}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid ${GUID}
  endlan
  chassis_control "${folder}/chassis.sh"
  user 1 false "" "" user 1 none md2 md5 straight
  user 2 true "admin" "secret" admin 10 none md2 md5 straight
`;

const EMULATION = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
sel_enable 0x20 1000 0x0a
mc_enable 0x20
`;

/** A chassis that is a file. */
const chassis = (folder: string): string => `#!/bin/sh
S=${folder}/power; [ -f $S ] || echo 1 > $S
op=$1; shift
case $op in
get) for p in "$@"; do case $p in power) echo "power:$(cat $S)";; boot) echo "boot:default";; *) echo "$p:0";; esac; done;;
set) while [ $# -gt 0 ]; do case $1 in power) echo $2 > $S;; esac; shift 2; done;;
esac
exit 0
`;
