import { beforeEach, expect, test } from "vitest";
import { FakeNode } from "./fake-node.ts";

let node: FakeNode;
beforeEach(() => {
  node = new FakeNode();
});

const status = async (line: string): Promise<number> => (await node.run(line)).status;
const said = async (line: string): Promise<readonly [string, number]> => {
  const answer = await node.run(line);
  return [answer.output, answer.status];
};

test("systemctl stop and start do it, and is-active and MainPID tell", async () => {
  expect(await said("systemctl is-active kubelet")).toEqual(["active\n", 0]);
  expect(await said("systemctl show --property=MainPID --value kubelet")).toEqual(["812\n", 0]);
  expect(await said("systemctl stop kubelet")).toEqual(["", 0]);
  expect(await said("systemctl is-active kubelet.service")).toEqual(["inactive\n", 3]);
  expect(await said("systemctl show --property=MainPID --value kubelet")).toEqual(["0\n", 0]);
  await node.run("systemctl start kubelet.service");
  expect(await said("systemctl is-active kubelet")).toEqual(["active\n", 0]);
  expect(node.machine.log).toEqual(["stop kubelet", "start kubelet"]);
});

test("kill hits the main process, and a unit without one says so", async () => {
  const kill = "systemctl kill --kill-who=main --signal=KILL kubelet";
  expect(await said(kill)).toEqual(["", 0]);
  expect(await said("systemctl is-active kubelet")).toEqual(["failed\n", 3]);
  expect(await node.run(kill)).toEqual({
    status: 1,
    output: "",
    complaint: "Failed to kill unit kubelet.service: No main process to kill\n",
  });
  expect(node.machine.log).toEqual(["kill kubelet"]);
});

const signal = (name: string): string =>
  `systemctl kill --kill-who=all --signal=${name} kubelet containerd`;

test("STOP and CONT freeze and thaw all units that are named", async () => {
  node.machine.units.set("containerd", { active: "active", mainPid: 700, frozen: false });
  expect(await said(signal("STOP"))).toEqual(["", 0]);
  expect((await said("cat /proc/812/stat"))[0]).toMatch(/^812 \(kubelet\) T 1 /);
  expect((await said("cat /proc/700/stat"))[0]).toMatch(/^700 \(containerd\) T 1 /);
  expect(await said("systemctl is-active kubelet containerd")).toEqual(["active\nactive\n", 0]);
  expect(await said(signal("SIGCONT"))).toEqual(["", 0]);
  expect((await said("cat /proc/812/stat"))[0]).toMatch(/^812 \(kubelet\) S 1 /);
  expect(node.machine.log).toEqual([
    "freeze kubelet",
    "freeze containerd",
    "thaw kubelet",
    "thaw containerd",
  ]);
});

test("/proc/PID/stat has 52 fields, as proc(5) says, and nothing of a process that is not there", async () => {
  const [text] = await said("cat /proc/812/stat");
  expect(text.trim().split(" ")).toHaveLength(52);
  expect(await node.run("cat /proc/813/stat")).toEqual({
    status: 1,
    output: "",
    complaint: "cat: /proc/813/stat: No such file or directory\n",
  });
});

test("a unit that there is not is told as systemd tells it", async () => {
  expect(await node.run("systemctl stop corosync")).toEqual({
    status: 5,
    output: "",
    complaint: "Failed to stop corosync.service: Unit corosync.service not loaded.\n",
  });
  expect(await node.run("systemctl start corosync")).toMatchObject({
    status: 5,
    complaint: "Failed to start corosync.service: Unit corosync.service not found.\n",
  });
  expect(await said("systemctl is-active corosync")).toEqual(["inactive\n", 4]);
  expect(await said("systemctl show --property=MainPID --value corosync")).toEqual(["0\n", 0]);
  expect(await status("systemctl kill --kill-who=all --signal=STOP corosync")).toBe(1);
  expect(node.machine.log).toEqual([]);
});

test("one unit that fails does not spare the next", async () => {
  expect(await status("systemctl stop corosync kubelet")).toBe(5);
  expect(node.machine.log).toEqual(["stop kubelet"]);
});

test.each([
  ["systemctl poweroff", "shut-down poweroff"],
  ["systemctl reboot", "shut-down reboot"],
  ["poweroff", "shut-down poweroff"],
  ["reboot", "shut-down reboot"],
])("%s asks the services first", async (line, expected) => {
  expect(await said("systemctl is-system-running")).toEqual(["running\n", 0]);
  await node.run(`setsid sh -c 'sleep 0.05; ${line}' >/dev/null 2>&1 </dev/null &`);
  await node.pass(0.1);
  expect(node.machine.log).toEqual([expected]);
  expect(await said("systemctl is-system-running")).toEqual(["stopping\n", 1]);
});
