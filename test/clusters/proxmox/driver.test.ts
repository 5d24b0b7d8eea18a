import { beforeEach, describe, expect, test } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { seconds } from "../../../src/base/time.ts";
import { driverOver } from "../../../src/clusters/proxmox/create-proxmox-driver.ts";
import type { ClusterDriver, DesktopRequest } from "../../../src/contracts/cluster-driver.ts";
import type { DesktopHandle } from "../../../src/model/cluster-facts.ts";
import type { Placement, ProxmoxDesktop } from "../../../src/model/experiment.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { fakeApi, sessionOf } from "./fake-api.ts";
import { SmallCluster } from "./small-cluster.ts";

const never = new AbortController().signal;
/** 03:50:22, when the small cluster's stamps are two seconds old. */
const WALL = "2026-11-22T03:50:22.000Z";

let clock: VirtualClock;
let cluster: SmallCluster;
let api: ReturnType<typeof fakeApi>;
let driver: ClusterDriver;

beforeEach(() => {
  clock = new VirtualClock(WALL);
  cluster = new SmallCluster();
  api = fakeApi(clock, cluster.answer);
  driver = driverOver(sessionOf(clock, api));
});

const run = async <T>(promise: Promise<T>): Promise<T> => clock.runUntilSettled(promise);

const spec = (changed: Partial<ProxmoxDesktop> = {}): ProxmoxDesktop => ({
  kind: "proxmox",
  source: { kind: "clone", template: 9000, pool: null },
  reach: { kind: "console" },
  vnc_password: null,
  ...changed,
});

const request = (
  placement: Placement = { kind: "not-crm-master" },
  changed: Partial<ProxmoxDesktop> = {},
): DesktopRequest => ({
  spec: spec(changed),
  placement,
  run: "r1",
  trial: "pve-1",
  mark: "r1-t1",
});

async function deployed(wanted: DesktopRequest): Promise<DesktopHandle> {
  const desktop = await run(driver.prepare(wanted, never));
  await run(driver.deploy(desktop, wanted, never));
  return desktop;
}

const writes = (): readonly string[] => api.calls.filter((call) => !call.includes(" GET "));

describe("the Proxmox VE driver", () => {
  test("identifies the cluster by name, CA and version", async () => {
    expect(await run(driver.identify(never))).toEqual({
      kind: "proxmox",
      name: "labc",
      fingerprint: "AA:BB",
      version: "9.2.11",
    });
  });

  test("prepares without changing anything", async () => {
    const desktop = await run(driver.prepare(request(), never));
    expect(desktop).toEqual({
      kind: "proxmox",
      vmid: 101,
      name: "blackout-pve-1",
      mark: "r1-t1",
      owned: true,
      before: null,
    });
    expect(writes()).toEqual([]);
  });

  test("clones to a node that fits, marks the clone, and puts it under HA without failback", async () => {
    const wanted = request({ kind: "node", node: "pv8" });
    const desktop = await run(driver.prepare(wanted, never));
    const there = await run(driver.deploy(desktop, wanted, never));
    expect(there.node).toBe("pv8");
    expect(there.instance).toMatch(/^pv8\/qemu-374-\d+$/);
    expect(cluster.vms.get(101)?.config["description"]).toContain("mark=r1-t1");
    expect(cluster.ha.get("vm:101")).toMatchObject({ state: "started", failback: "0" });
    expect(await run(driver.whereabouts(desktop, never))).toEqual(there);
  });

  test("puts the clone into the pool on which its token has rights, where one is given", async () => {
    await deployed(request());
    expect(writes().find((call) => call.includes("/clone "))).not.toContain("pool");
    await deployed(
      request(undefined, { source: { kind: "clone", template: 9000, pool: "probes" } }),
    );
    expect(writes().findLast((call) => call.includes("/clone "))).toContain("&pool=probes");
  });

  test("keeps off the CRM master when that is asked for, and takes it when it is", async () => {
    const off = await deployed(request({ kind: "not-crm-master" }));
    expect((await run(driver.whereabouts(off, never))).node).not.toBe("pv7");
    await run(driver.remove(off, never));
    const on = await deployed(request({ kind: "crm-master" }));
    expect((await run(driver.whereabouts(on, never))).node).toBe("pv7");
  });

  test("leaves failback out where the API does not know it", async () => {
    cluster.knowsFailback = false;
    await deployed(request());
    expect(cluster.ha.get("vm:101")).toMatchObject({ state: "started" });
    expect(cluster.ha.get("vm:101")).not.toHaveProperty("failback");
  });

  test("does not count its own desktop among the workloads, but those of others", async () => {
    await deployed(request({ kind: "node", node: "pv9" }));
    const { nodes } = await run(driver.health(never));
    expect(nodes.flatMap((node) => node.workloads)).toEqual(["mine (200)"]);
  });

  test("removes what it made: out of HA, stopped, purged, and is content to do it twice", async () => {
    const desktop = await deployed(request());
    await run(driver.remove(desktop, never));
    expect([...cluster.vms.keys()]).toEqual([9000, 200]);
    expect(cluster.ha.size).toBe(0);
    const order = writes()
      .slice(-3)
      .map((call) => call.replace(/^\S+ /, "").replace(/nodes\/pv\d/, "nodes/N"));
    expect(order).toEqual([
      "DELETE /cluster/ha/resources/vm:101",
      "POST /nodes/N/qemu/101/status/stop",
      "DELETE /nodes/N/qemu/101 purge=1",
    ]);
    const before = writes().length;
    await run(driver.remove(desktop, never));
    expect(writes()).toHaveLength(before);
  });

  test("waits for a VM whose node is dead, never asks that node, and says what to do in the end", async () => {
    const desktop = await deployed(request({ kind: "node", node: "pv8" }));
    cluster.online.delete("pv8");
    const asked = api.calls.length;
    await expect(run(driver.remove(desktop, clock.timeout(seconds(30))))).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringContaining("node pv8, which is offline: switch that node on"),
    });
    expect(api.calls.slice(asked).some((call) => call.includes("/nodes/pv8"))).toBe(false);
  });

  test("gives an existing VM its HA settings and power state back", async () => {
    cluster.ha.set("vm:200", { state: "stopped", comment: "billing", max_restart: "3" });
    cluster.vms.set(200, { ...cluster.vms.get(200), running: false } as never);
    const existing = request({ kind: "any" }, { source: { kind: "existing", vmid: 200 } });
    const desktop = await deployed(existing);
    expect(cluster.ha.get("vm:200")).toMatchObject({ state: "started", failback: "0" });
    expect(await run(driver.bearsMark(desktop, never))).toBe(true);
    await run(driver.remove(desktop, never));
    expect(await run(driver.bearsMark(desktop, never))).toBe(false);
    expect(cluster.ha.get("vm:200")).toEqual({
      state: "stopped",
      comment: "billing",
      max_restart: "3",
    });
    expect(cluster.vms.get(200)?.running).toBe(false);
  });

  test("takes an existing VM that was not under HA out of it again, and leaves it running", async () => {
    const existing = request({ kind: "any" }, { source: { kind: "existing", vmid: 200 } });
    const desktop = await deployed(existing);
    await run(driver.remove(desktop, never));
    expect(await run(driver.bearsMark(desktop, never))).toBe(false);
    expect(cluster.ha.size).toBe(0);
    expect(cluster.vms.get(200)?.running).toBe(true);
  });

  test("says what it saw last when the desktop does not come up in time", async () => {
    const desktop = await run(driver.prepare(request(), never));
    const stuck = cluster.answer;
    api = fakeApi(clock, (call, host, form) => {
      const answer = stuck(call, host, form);
      for (const vm of cluster.vms.values()) if (!vm.template) vm.running = false;
      return answer;
    });
    const slow = driverOver(sessionOf(clock, api));
    await expect(
      run(slow.deploy(desktop, request(), clock.timeout(seconds(60)))),
    ).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringContaining("its service started, not running on"),
    });
  });
});

async function consoleOf(): Promise<{ open: () => Promise<unknown>; node: string }> {
  const desktop = await deployed(request({ kind: "node", node: "pv8" }));
  const endpoint = await run(driver.endpoint(desktop, spec(), null, never));
  if (endpoint.kind !== "ticket") throw new Error("the console is reached by ticket");
  return { open: async () => run(endpoint.open(never)), node: "pv8" };
}

describe("the console endpoint", () => {
  test("asks for a ticket and names the WebSocket on the same host, with header, password and instance", async () => {
    const { open } = await consoleOf();
    expect(await open()).toEqual({
      websocket_url:
        "wss://pv7:8006/api2/json/nodes/pv8/qemu/101/vncwebsocket?port=5900&vncticket=PVEVNC%3Aabc%2F%2B%3D%3D",
      headers: { Authorization: "PVEAPIToken=lab@pve!tool=secret" },
      vnc_password: "PVEVNC:a",
      ca_pem: "PEM",
      fingerprint: null,
      instance: expect.stringMatching(/^pv8\/qemu-374-/),
    });
  });

  test("does not ask for the instance at each attempt", async () => {
    const { open } = await consoleOf();
    await open();
    const asked = api.calls.length;
    await open();
    expect(api.calls.slice(asked).map((call) => call.split(" ")[2])).toEqual([
      "/cluster/resources",
      "/cluster/status",
      "/nodes/pv8/qemu/101/vncproxy",
    ]);
  });

  test("says that there is no way in while the VM's node is dead, and asks that node nothing", async () => {
    const { open } = await consoleOf();
    cluster.online.delete("pv8");
    const error: unknown = await open().catch((thrown: unknown) => thrown);
    if (!(error instanceof OperatingError)) throw new Error("it should have been refused");
    expect(error.code).toBe("unreachable");
    expect(error.message).toContain("node pv8 is offline");
    expect(api.calls.at(-1)).not.toContain("/nodes/");
  });
});
