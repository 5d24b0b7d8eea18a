import { readFile } from "node:fs/promises";
import ssh2 from "ssh2";
import { MiniIpmi } from "../bmc/mini-ipmi.ts";
import type { TestLab } from "./test-lab.ts";

/** Switches a node off over SSH, and resolves when the line to it is dead. */
export async function powerOff(lab: TestLab, name: string): Promise<void> {
  const { ssh } = lab.node(name);
  if (ssh?.key.kind !== "file") throw new Error(`no SSH on ${name}`);
  const privateKey = await readFile(ssh.key.path);
  await new Promise<void>((resolve, reject) => {
    const client = new ssh2.Client();
    client.once("ready", () => {
      client.exec("poweroff -ff", (error) => {
        if (error !== undefined) reject(error);
        // A machine without power closes nothing: give the cut a moment to have happened.
        setTimeout(() => {
          client.destroy();
          resolve();
        }, 100);
      });
    });
    client.on("error", reject);
    client.connect({ host: ssh.host, port: ssh.port, username: ssh.user, privateKey });
  });
}

const APPLICATION = 0x06;
const SET_PRIVILEGE = 0x3b;
const CHASSIS = 0x00;
const CONTROL = 0x02;

/** Switches a node on over its BMC. */
export async function powerOn(lab: TestLab, name: string): Promise<void> {
  const { bmc } = lab.node(name);
  if (bmc?.kind !== "ipmi" || bmc.password.kind !== "file") throw new Error(`no BMC on ${name}`);
  const password = await readFile(bmc.password.path, "utf8");
  const client = new MiniIpmi(bmc.host, bmc.port, bmc.cipher_suite);
  const opened = await client.open(bmc.user, password);
  if (opened !== "open") throw new Error(`no session: ${opened}`);
  await client.command(APPLICATION, SET_PRIVILEGE, [4]);
  const [code] = await client.command(CHASSIS, CONTROL, [1]);
  if (code !== 0) throw new Error(`power on: completion code ${String(code)}`);
  client.close();
}
