import * as fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { interpret } from "../../../src/lab/ssh/interpret.ts";
import type { Answer } from "./fake-node.ts";
import { FakeNode } from "./fake-node.ts";

let node: FakeNode;
beforeEach(() => {
  node = new FakeNode();
});

const said = async (line: string): Promise<string> => (await node.run(line)).output;
const silence: Answer = { status: 0, output: "", complaint: "" };

/** When something first happened to the machine, in seconds from now on. */
async function firstAct(): Promise<readonly [string | undefined, number]> {
  let tenths = 0;
  for (; node.machine.log.length === 0 && tenths < 100; tenths++) await node.pass(0.1);
  return [node.machine.log[0], tenths / 10];
}

test.each([
  ["hostname", "pve1\n"],
  ["id -u", "0\n"],
  ["whoami", "root\n"],
  ["date +%s", "1767323045\n"],
  ["date +%s.%N", "1767323045.678000000\n"],
  ["uptime", " 03:04:05 up 0:00,  1 user,  load average: 0.00, 0.00, 0.00\n"],
  ["cat /proc/sys/kernel/random/boot_id", "00000000-0000-4000-8000-000000000001\n"],
  ["cat /sys/class/dmi/id/product_uuid", "00112233-4455-6677-8899-aabbccddeeff\n"],
  ["cat /etc/machine-id", "00112233445566778899aabbccddeeff\n"],
  ["true; :; sync", ""],
  ["echo 'a  b' \"c d\" e\\ f", "a  b c d e f\n"],
  ["hostname >/dev/null", ""],
])("%s says %j", async (line, expected) => {
  expect(await node.run(line)).toEqual({ ...silence, output: expected });
});

test.each([
  "echo o > /proc/sysrq-trigger",
  "echo o >/proc/sysrq-trigger",
  "echo -n o>/proc/sysrq-trigger",
  "sync; echo o > /proc/sysrq-trigger",
  "sh -c 'echo o > /proc/sysrq-trigger'",
  'bash -c "echo o > /proc/sysrq-trigger"',
  "poweroff -ff",
  "poweroff -f -f",
  "systemctl poweroff --force --force",
])("%s powers off a second later", async (line) => {
  expect(await node.run(line)).toEqual(silence);
  expect(await firstAct()).toEqual(["power-off", 1]);
});

test.each(["poweroff -f", "systemctl poweroff --force"])("%s takes three seconds", async (line) => {
  await node.run(line);
  expect(await firstAct()).toEqual(["power-off", 3]);
});

test("reboot -ff resets", async () => {
  await node.run("reboot -ff");
  expect(await firstAct()).toEqual(["reset", 1]);
});

const detached = (command: string): string =>
  `setsid sh -c 'sleep 0.3; ${command}' >/dev/null 2>&1 </dev/null &`;

test("a detached fault waits in the background", async () => {
  expect(await node.run(detached("echo b > /proc/sysrq-trigger"))).toEqual(silence);
  expect(node.machine.log).toEqual([]);
  expect(await firstAct()).toEqual(["reset", 0.3]);
  await node.run("nohup sh -c 'sync; echo c > /proc/sysrq-trigger' >/dev/null 2>&1 &");
  expect(node.machine.log).toEqual(["reset", "panic"]);
});

test("&& and || look at the status before them, ; does not", async () => {
  expect(await said("nonsense && hostname")).toBe("");
  expect(await said("nonsense || hostname")).toBe("pve1\n");
  expect(await said("nonsense ; hostname")).toBe("pve1\n");
  expect(await said("true || hostname")).toBe("");
  expect(await said("true && systemctl is-active kubelet && hostname")).toBe("active\npve1\n");
  expect((await node.run("false")).status).toBe(1);
});

test("exit ends the line, or the inner shell, with its status", async () => {
  expect(await node.run("exit 3; hostname")).toEqual({ ...silence, status: 3 });
  expect(await node.run("sh -c 'exit 3' || hostname")).toEqual({ ...silence, output: "pve1\n" });
  expect(await node.run("sh -c 'exit 3; hostname'")).toEqual({ ...silence, status: 3 });
});

test("output and complaints go where they are sent", async () => {
  expect(await node.run("nonsense 2>/dev/null")).toEqual({ ...silence, status: 127 });
  expect(await node.run("nonsense >/dev/null 2>&1")).toEqual({ ...silence, status: 127 });
  expect((await node.run("nonsense 2>&1 >/dev/null")).complaint).toContain("not understood");
  expect(await node.run("sh -c 'hostname; nonsense' &>/dev/null || uname")).toEqual({
    ...silence,
    output: "Linux\n",
  });
});

test.each([
  "rm -rf /",
  "cat /etc/shadow",
  "echo $(reboot)",
  "echo `id`",
  "hostname | sh",
  "hostname > /etc/passwd",
  "echo x > /proc/sysrq-trigger",
  "cat o > /proc/sysrq-trigger",
  "poweroff --halt",
  "sleep -1",
  "echo 'open",
  "sh script.sh",
  "(hostname)",
  "sh < /etc/passwd",
  "systemctl mask kubelet",
  "systemctl kill containerd",
  "systemctl kill --signal=KILL containerd",
  "systemctl kill --kill-who=all --signal=KILL containerd",
  "systemctl stop '../../etc'",
  "ip link set dev lo down",
  "ip link delete eth0",
  "ip route flush all",
  "ip route replace default via 127.0.1.1 dev",
  "pgrep -f '.*'",
  "pgrep sshd",
  "cat /proc/1/environ",
])("%s is not understood: 127", async (line) => {
  const { status, complaint } = await node.run(line);
  expect(status).toBe(127);
  expect(complaint).toContain("blackout lab: command not understood");
  expect(node.machine.log).toEqual([]);
});

test("what it does not know is asked of the machine, which has programs of its own", async () => {
  const line = "ha-manager crm-command node-maintenance enable pve2";
  expect(await node.run(line)).toEqual(silence);
  expect(node.machine.log).toEqual([line]);
});

test("help names every kind of command", async () => {
  const text = await said("help");
  for (const word of ["systemctl stop", "ip link set", "pgrep -f", "machine-id", "ha-manager"]) {
    expect(text).toContain(word);
  }
});

const words = fc.constantFrom(
  "sh",
  "-c",
  "'",
  '"',
  "echo",
  "o",
  ">",
  "/proc/sysrq-trigger",
  ";",
  "&&",
  "||",
  "&",
  "sleep",
  "1",
  "setsid",
  "exit",
  "2>&1",
  "<",
  "/dev/null",
  "\n",
  "\\",
  " ",
  "hostname",
  "poweroff",
  "-ff",
  "systemctl",
  "kill",
  "ip",
  "link",
  "route",
  "pgrep",
  "-f",
  "[t]",
);

const anyLine = fc.oneof(
  fc.string(),
  fc.array(words).map((all) => all.join(" ")),
  fc.array(words).map((all) => all.join("")),
);

test("interpret never throws, whatever it is sent", () => {
  fc.assert(
    fc.property(anyLine, (text) => {
      expect(Array.isArray(interpret(text))).toBe(true);
    }),
    { numRuns: 3000, seed: 20_261_122 },
  );
});

test("every line ends with a status, whatever it is", async () => {
  await fc.assert(
    fc.asyncProperty(anyLine, async (text) => {
      const { status } = await new FakeNode().run(text);
      expect(status).toBeGreaterThanOrEqual(0);
      expect(status).toBeLessThan(256);
    }),
    { numRuns: 300, seed: 20_261_122 },
  );
});
