import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { between, inSeconds, seconds, sinceOrigin } from "../../../src/base/time.ts";
import { serveProxmox } from "../../../src/lab/proxmox/serve-proxmox.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { createProxmoxTwin } from "../../../src/twin/proxmox/create-proxmox-twin.ts";
import type { ProxmoxTwin } from "../../../src/twin/proxmox/proxmox-twin.ts";
import { LabBench } from "./support/lab-bench.ts";

const bench = new LabBench();
let twin: ProxmoxTwin;
let guest = "";

beforeAll(async () => {
  await bench.start(async (context) => {
    context.twinTime.catchUp();
    const { queue } = context.twinTime;
    twin = createProxmoxTwin({
      clusterName: "pve",
      settings: { ...defaultProxmoxSettings, shutdown_policy: "migrate" },
      scheduler: queue,
      random: context.random.fork("twin"),
      wallOrigin: context.twinTime.wallSeconds() - inSeconds(sinceOrigin(queue.now())),
      master: "pve3",
    });
    const safety = defaultSafety;
    return await serveProxmox({ name: "pve", safety, bmc: "ipmi", twin }, context);
  });
  await ask("pve1", "POST", "/nodes/pve1/qemu/9000/clone", "newid=100&name=desk&target=pve2");
  await pause(6);
  await ask("pve1", "POST", "/cluster/ha/resources", "sid=vm:100&state=started&failback=0");
  await until(() => phase() === "up");
  const path = "/nodes/pve2/qemu/100/agent/network-get-interfaces";
  const { data } = Object((await ask("pve1", "GET", path)).body);
  guest = data.result[1]["ip-addresses"][0]["ip-address"];
}, 30_000);
afterAll(async () => {
  await bench.stop();
});

const ask = async (node: string, method: string, path: string, body = "") =>
  await bench.ask(node, method, `/api2/json${path}`, { body });
const data = async (node: string, path: string) => Object((await ask(node, "GET", path)).body).data;
const pause = async (lab: number) =>
  await bench.clock.sleep(seconds(lab), new AbortController().signal);
const vm = () => twin.vms().find((each) => each.vmid === 100);
const phase = (): string => vm()?.guest.phase ?? "none";

async function until(done: () => boolean | Promise<boolean>, limit = 900): Promise<void> {
  const start = bench.clock.now();
  while (!(await done())) {
    if (inSeconds(between(start, bench.clock.now())) > limit) throw new Error("not in time");
    await pause(0.5);
  }
}

async function knock(host: string, port: number): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (what: string): void => {
      socket.destroy();
      resolve(what);
    };
    socket.once("connect", () => settle("serving"));
    socket.once("error", (error) => settle("code" in error ? String(error.code) : error.message));
    socket.setTimeout(100, () => settle("silence"));
  });
}

const api = (node: string): readonly [string, number] => {
  const { hostname, port } = new URL(bench.url(node));
  return [hostname, Number(port)];
};

describe("a node whose public link is down", () => {
  it("is silent on all its addresses with its guests, alive, and a member; and answers again after it", async () => {
    twin.setLink("pve2", "eth0", false);
    await until(async () => (await knock(...api("pve2"))) === "silence");
    await until(async () => (await knock(guest, 6080)) === "silence");
    expect(twin.hostState("pve2")).toBe("up");
    const status = await data("pve1", "/cluster/status");
    expect(status.map((each: { online?: number }) => each.online ?? 1)).toEqual([1, 1, 1, 1]);
    const away = await ask("pve1", "GET", "/nodes/pve2/status");
    expect([away.status, away.reason]).toEqual([595, "No route to host"]);
    twin.setLink("pve2", "eth0", true);
    await until(async () => (await knock(...api("pve2"))) === "serving");
    await until(async () => (await knock(guest, 6080)) === "serving");
    expect(phase()).toBe("up");
  });
});

describe("a node whose corosync link is down", () => {
  // One that hosts nothing: no watchdog ends it, however slowly this is asked.
  it("answers from what it had, says that it has no quorum, and refuses to write", async () => {
    twin.setLink("pve1", "eth1", false);
    await until(() => twin.managerStatus().nodes["pve1"] === "unknown");
    const own = await data("pve1", "/cluster/ha/status/manager_status");
    const others = await data("pve2", "/cluster/ha/status/manager_status");
    expect(own.quorum).toEqual({ node: "pve1", quorate: "0" });
    expect(own.manager_status.node_status.pve1).toBe("online");
    expect(others.manager_status.node_status.pve1).toBe("unknown");
    expect(own.manager_status.timestamp).toBeLessThan(others.manager_status.timestamp);
    const members = await data("pve1", "/cluster/status");
    expect(members[0]).toMatchObject({ type: "cluster", quorate: 0 });
    const write = await ask("pve1", "PUT", "/cluster/ha/resources/vm:100", "comment=x");
    expect([write.status, write.reason]).toEqual([500, "cluster not ready - no quorum?"]);
    twin.setLink("pve1", "eth1", true);
    await until(async () => (await data("pve1", "/cluster/status"))[0].quorate === 1);
  });
});

describe("the API", () => {
  it("names the shutdown policy among the options", async () => {
    expect(await data("pve1", "/cluster/options")).toMatchObject({
      ha: { shutdown_policy: "migrate" },
    });
  });

  it("moves a desktop without losing a connection to it, and its console elsewhere", async () => {
    const held = connect({ host: guest, port: 6080 });
    let lost = false;
    held.on("error", () => undefined);
    held.once("close", () => (lost = true));
    const bootId = vm()?.guest;
    const reply = await ask("pve1", "POST", "/cluster/ha/resources/vm:100/migrate", "node=pve1");
    expect(reply.body).toEqual({ data: { sid: "vm:100", "requested-node": "pve1" } });
    await until(() => vm()?.node === "pve1");
    await until(async () => (await knock(guest, 6080)) === "serving");
    expect(lost).toBe(false);
    held.destroy();
    expect(vm()?.guest).toMatchObject({ phase: "up", bootId: Object(bootId).bootId });
    const old = await ask("pve3", "POST", "/nodes/pve2/qemu/100/vncproxy", "websocket=1");
    expect(old.status).toBe(500);
    const now = await ask("pve3", "POST", "/nodes/pve1/qemu/100/vncproxy", "websocket=1");
    expect(now.status).toBe(200);
    expect(twin.tasks().map(({ type, node }) => `${type} ${node}`)).toContain("qmigrate pve2");
  });

  it("refuses to move to a node that is not there, and whoever may not", async () => {
    const path = "/cluster/ha/resources/vm:100/relocate";
    expect((await ask("pve1", "POST", path, "node=nosuch")).status).toBe(400);
    const low = await bench.ask("pve1", "POST", `/api2/json${path}`, {
      body: "node=pve2",
      token: bench.lowToken(),
    });
    expect([low.status, low.reason]).toEqual([403, "Permission check failed (/, Sys.Console)"]);
    const command = await bench.ask("pve1", "POST", "/api2/json/nodes/pve2/status", {
      body: "command=reboot",
      token: bench.lowToken(),
    });
    expect([command.status, command.reason]).toEqual([
      403,
      "Permission check failed (/nodes/pve2, Sys.PowerMgmt)",
    ]);
  });

  it("reboots a node in good order: under the policy migrate its VM moves first", async () => {
    const host = vm()?.node ?? "";
    // Until then its LRM knows of no service, and would not wait for it.
    await until(() => twin.lrmStatus()[host]?.state === "active");
    const boot = Object(vm()?.guest).bootId;
    await ask("pve3", "POST", `/nodes/${host}/status`, "command=reboot");
    await until(() => twin.isShuttingDown(host));
    await until(() => twin.hostState(host) === "booting");
    expect(vm()?.node).not.toBe(host);
    expect(Object(vm()?.guest)).toMatchObject({ phase: "up", bootId: boot });
    await until(() => twin.clusterStatus("pve3").online.has(host));
  });
});
