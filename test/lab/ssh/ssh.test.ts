import ssh2 from "ssh2";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createLabNetwork } from "../../../src/lab/network/create-network.ts";
import type { LabHost, LabNetwork } from "../../../src/lab/network/network.ts";
import { serveSsh } from "../../../src/lab/ssh/serve-ssh.ts";
import { newSshKey } from "../../../src/lab/ssh/ssh-key.ts";
import { ScaledClock } from "../../../src/platform/scaled-clock.ts";
import { FakeMachine } from "../fake-machine.ts";

const PORT = 2222;
const clock = new ScaledClock({
  speed: 60,
  origin_hrtime_ns: process.hrtime.bigint().toString(),
  origin_wall: "2026-01-01T00:00:00.000Z",
});
const hostKey = newSshKey("host");
const userKey = newSshKey("user");
let network: LabNetwork;
let host: LabHost;
let machine: FakeMachine;

beforeAll(async () => {
  network = await createLabNetwork(clock);
});
afterAll(async () => await network.close());
beforeEach(async () => {
  machine = new FakeMachine("pve1");
  host = await network.addHost("pve1");
  const identity = {
    hostKeyPem: hostKey.privateKey,
    authorizedKey: userKey.publicKey,
    hostname: "pve1",
  };
  await serveSsh(host, PORT, machine, identity, clock);
});

async function login(
  options: { username?: string; privateKey?: string } = {},
): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  await new Promise<void>((resolve, reject) => {
    client.once("ready", resolve);
    client.once("error", reject);
    client.connect({
      host: host.address,
      port: PORT,
      username: "root",
      privateKey: userKey.privateKey,
      hostHash: "sha256",
      hostVerifier: (hash: string) =>
        Buffer.from(hash, "hex").toString("base64").startsWith(hostKey.fingerprint.slice(7)),
      ...options,
    });
  });
  return client;
}

async function run(command: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const client = await login();
  try {
    return await new Promise((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error !== undefined) {
          reject(error);
          return;
        }
        const result = { code: -1, stdout: "", stderr: "" };
        channel.on("data", (data: Buffer) => (result.stdout += data.toString()));
        channel.stderr.on("data", (data: Buffer) => (result.stderr += data.toString()));
        channel.on("exit", (code: number) => (result.code = code));
        channel.on("close", () => resolve(result));
      });
    });
  } finally {
    client.end();
  }
}

const wait = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};

test("a command is answered with its output and exit status", async () => {
  expect(await run("hostname && cat /sys/class/dmi/id/product_uuid")).toEqual({
    code: 0,
    stdout: `pve1\n${machine.uuid}\n`,
    stderr: "",
  });
  expect((await run("cat /proc/sys/kernel/random/boot_id")).stdout).toBe(`${machine.bootId()}\n`);
});

test("whatever it does not understand is refused with status 127", async () => {
  expect(await run("rm -rf /")).toEqual({
    code: 127,
    stdout: "",
    stderr: "blackout lab: command not understood: rm -rf /\n",
  });
});

test("cat without a file sends back what it is sent, until the input ends or the machine does", async () => {
  const client = await login();
  const said: string[] = [];
  const open = async (): Promise<ssh2.ClientChannel> =>
    await new Promise((resolve, reject) => {
      client.exec("cat", (error, channel) => {
        if (error === undefined) resolve(channel);
        else reject(error);
      });
    });
  const channel = await open();
  channel.on("data", (data: Buffer) => said.push(data.toString()));
  channel.write("one\n");
  await expect.poll(() => said.join("")).toBe("one\n");
  channel.end("two\n");
  await new Promise((resolve) => channel.once("close", resolve));
  expect(said.join("")).toBe("one\ntwo\n");
  const doomed = await open();
  doomed.on("data", () => said.push("too late"));
  machine.powerOff();
  await host.silence();
  doomed.write("three\n");
  await wait(50);
  expect(said.join("")).toBe("one\ntwo\n");
  client.destroy();
  machine.powerOn();
  await host.wake();
});

test("sysrq o in the background: the command returns first, the machine goes off a second later", async () => {
  const command =
    "setsid sh -c 'sleep 0.05; echo o > /proc/sysrq-trigger' >/dev/null 2>&1 </dev/null &";
  expect(await run(command)).toEqual({ code: 0, stdout: "", stderr: "" });
  await wait(50);
  expect(machine.log).toEqual(["power-off"]);
});

test("a power-off that was still to come does not hit the next boot", async () => {
  await run("echo o > /proc/sysrq-trigger");
  machine.reset();
  await wait(50);
  expect(machine.log).toEqual(["reset"]);
});

test("sysrq b resets at once and c panics", async () => {
  await run("echo b > /proc/sysrq-trigger");
  await run("echo c >/proc/sysrq-trigger");
  expect(machine.log).toEqual(["reset", "panic"]);
});

test("only root with the authorised key gets in", async () => {
  await expect(login({ privateKey: newSshKey("other").privateKey })).rejects.toThrow(
    /authentication/,
  );
  await expect(login({ username: "admin" })).rejects.toThrow(/authentication/);
  const client = new ssh2.Client();
  const refused = new Promise((resolve) => client.once("error", resolve));
  client.connect({ host: host.address, port: PORT, username: "root", password: "root" });
  expect(await refused).toMatchObject({ level: "client-authentication" });
});

test("a shell on a terminal echoes, edits the line, runs it and leaves with exit", async () => {
  const client = await login();
  const text = await new Promise<string>((resolve, reject) => {
    client.shell((error, channel) => {
      if (error !== undefined) {
        reject(error);
        return;
      }
      let all = "";
      channel.on("data", (data: Buffer) => (all += data.toString()));
      channel.on("close", () => resolve(all));
      channel.write("whoamx\x7fi\rnonsense\rexit\r");
    });
  });
  client.end();
  expect(text).toContain("root@pve1:~# whoamx\b \bi\r\n");
  expect(text).toContain("\r\nroot\r\n");
  expect(text).toContain("command not understood: nonsense\r\n");
});

test("a dead machine's SSH is silent, and answers again after it woke", async () => {
  machine.powerOff();
  await host.silence();
  const client = new ssh2.Client();
  const ended = new Promise<string>((resolve) => {
    client.once("ready", () => resolve("ready"));
    client.once("error", (error) => resolve(error.message));
  });
  client.connect({ host: host.address, port: PORT, username: "root", readyTimeout: 100 });
  expect(await ended).toContain("Timed out");
  machine.powerOn();
  await host.wake();
  expect((await run("true")).code).toBe(0);
});

test("newSshKey makes keys that ssh2 reads, every time", () => {
  // Unrepaired, one key in 256 would fail.
  for (let count = 0; count < 2000; count++) {
    const key = newSshKey("many");
    expect(ssh2.utils.parseKey(key.privateKey)).not.toBeInstanceOf(Error);
    expect(ssh2.utils.parseKey(key.publicKey)).not.toBeInstanceOf(Error);
  }
});
