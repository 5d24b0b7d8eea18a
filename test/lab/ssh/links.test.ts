import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { FakeNode } from "./fake-node.ts";

let node: FakeNode;
beforeEach(() => {
  node = new FakeNode();
});

/** As a fault sends it before it cuts `eth0`. */
const timer = (seconds: number): string =>
  `setsid sh -c 'sleep ${seconds}; ip link set dev eth0 up; ip route replace default via 127.0.1.1 dev eth0' ` +
  "blackout-network-timer >/dev/null 2>&1 </dev/null &";
const TIMER_RUNS = "pgrep -f 'blackout-network-[t]imer'";
const CUT = "setsid sh -c 'sleep 0.05; ip link set dev eth0 down' >/dev/null 2>&1 </dev/null &";

const json = async (line: string): Promise<readonly Record<string, unknown>[]> => {
  const { output, status } = await node.run(line);
  expect(status).toBe(0);
  return z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(output));
};
const addresses = async () => await json("ip -details -json address show");
const routes = async () => await json("ip -json route show");

const own = {
  dst: "127.0.1.0/24",
  dev: "eth0",
  protocol: "kernel",
  scope: "link",
  prefsrc: "127.0.1.5",
  flags: [],
};
const way = { dst: "default", gateway: "127.0.1.1", dev: "eth0", protocol: "static", flags: [] };

test("addresses are lo's and those of physical links", async () => {
  const [lo, eth0, ...more] = await addresses();
  expect(more).toEqual([]);
  expect(lo).toMatchObject({ ifname: "lo", flags: ["LOOPBACK", "UP", "LOWER_UP"] });
  expect(eth0).toMatchObject({
    ifindex: 2,
    ifname: "eth0",
    operstate: "UP",
    link_type: "ether",
    flags: ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"],
    addr_info: [
      {
        family: "inet",
        local: "127.0.1.5",
        prefixlen: 24,
        broadcast: "127.0.1.255",
        scope: "global",
      },
    ],
  });
  expect(eth0?.["address"]).toMatch(/^02(?::[0-9a-f]{2}){5}$/);
  // A physical link has none; bridges, bonds, veths and tunnels do.
  expect(eth0).not.toHaveProperty("linkinfo");
});

test("a link that goes down takes its routes with it, and comes back without its default route", async () => {
  expect(await routes()).toEqual([way, own]);
  await node.run("ip link set dev eth0 down");
  expect(await routes()).toEqual([]);
  expect((await addresses())[1]).toMatchObject({
    flags: ["BROADCAST", "MULTICAST"],
    operstate: "DOWN",
    addr_info: [{ local: "127.0.1.5" }],
  });
  await node.run("ip link set eth0 up");
  expect(await routes()).toEqual([own]);
  await node.run("ip route replace default via 127.0.1.1 dev eth0 proto static onlink");
  expect(await routes()).toEqual([way, own]);
  expect(node.machine.log).toEqual(["eth0 down", "eth0 up"]);
});

test("a boot brings routes back", async () => {
  await node.run("ip link set dev eth0 down; ip link set dev eth0 up");
  node.machine.reset();
  expect(await routes()).toEqual([way, own]);
});

test.each([
  ["ip link set dev eth7 down", 1, 'Cannot find device "eth7"\n'],
  ["ip route replace default via 127.0.1.1 dev eth7", 1, 'Cannot find device "eth7"\n'],
  ["ip route replace default via 127.9.9.9 dev eth0", 2, "Error: Nexthop has invalid gateway.\n"],
])("%s is refused as iproute2 refuses it", async (line, status, complaint) => {
  expect(await node.run(line)).toEqual({ status, output: "", complaint });
  expect(node.machine.log).toEqual([]);
});

test("a route over a link that is down is refused", async () => {
  await node.run("ip link set dev eth0 down");
  const answer = await node.run("ip route replace default via 127.0.1.1 dev eth0");
  expect(answer.status).toBe(2);
});

test("a network timer is seen while it runs, goes on without the link, and mends it", async () => {
  expect(await node.run(TIMER_RUNS)).toEqual({ status: 1, output: "", complaint: "" });
  expect(await node.run(timer(30))).toEqual({ status: 0, output: "", complaint: "" });
  expect(await node.run(TIMER_RUNS)).toMatchObject({ status: 0, output: "4000\n" });
  await node.run(CUT);
  await node.pass(29.9);
  expect(node.machine.log).toEqual(["eth0 down"]);
  expect((await node.run(TIMER_RUNS)).status).toBe(0);
  await node.pass(0.2);
  expect(node.machine.log).toEqual(["eth0 down", "eth0 up"]);
  expect(await routes()).toEqual([way, own]);
  expect((await node.run(TIMER_RUNS)).status).toBe(1);
});

test.each(["reset", "powerOff", "panic"] as const)(
  "a network timer dies with the machine: %s",
  async (death) => {
    await node.run(timer(30));
    node.machine[death]();
    node.machine.powerOff();
    node.machine.powerOn();
    expect((await node.run(TIMER_RUNS)).status).toBe(1);
    await node.run("ip link set dev eth0 down");
    await node.pass(60);
    expect(node.machine.log).toContain("eth0 down");
    expect(node.machine.log).not.toContain("eth0 up");
  },
);

test("a search without brackets finds the shell that it stands in, as on a real node", async () => {
  const line = "pgrep -f blackout-network-timer; true";
  expect((await node.run(line)).output).toMatch(/^\d+\n$/);
  expect((await node.run("pgrep -f 'blackout-network-[t]imer'; true")).output).toBe("");
});

test("a node that is full of processes starts no more", async () => {
  for (let count = 0; count < 64; count++) await node.run(timer(10));
  await node.run("sh -c 'sleep 1' &");
  expect(await node.run("sh -c 'hostname'")).toEqual({
    status: 254,
    output: "",
    complaint: "bash: fork: Resource temporarily unavailable\n",
  });
  await node.pass(11);
  expect((await node.run("sh -c 'hostname'")).output).toBe("pve1\n");
});
