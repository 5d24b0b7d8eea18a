import { beforeEach, describe, expect, test } from "vitest";
import { between, inSeconds, minutes, seconds } from "../../../src/base/time.ts";
import { driverOver } from "../../../src/clusters/proxmox/create-proxmox-driver.ts";
import type { ClusterDriver, DesktopRequest } from "../../../src/contracts/cluster-driver.ts";
import type { DesktopHandle } from "../../../src/model/cluster-facts.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { fakeApi, sessionOf, silence } from "./fake-api.ts";
import { SmallCluster, vm } from "./small-cluster.ts";

const never = new AbortController().signal;
const request: DesktopRequest = {
  spec: {
    kind: "proxmox",
    source: { kind: "clone", template: 9000, pool: null },
    reach: { kind: "console" },
    vnc_password: null,
  },
  placement: { kind: "not-crm-master" },
  run: "r1",
  trial: "pve-1",
  mark: "r1-t1",
};

let clock: VirtualClock;
let cluster: SmallCluster;
let api: ReturnType<typeof fakeApi>;
let driver: ClusterDriver;
let desktop: DesktopHandle;

beforeEach(async () => {
  clock = new VirtualClock("2026-11-22T03:50:22.000Z");
  cluster = new SmallCluster();
  api = fakeApi(clock, cluster.answer);
  driver = driverOver(sessionOf(clock, api));
  desktop = await run(driver.prepare(request, never));
});

const run = async <T>(promise: Promise<T>): Promise<T> => clock.runUntilSettled(promise);
const writes = (): readonly string[] => api.calls.filter((call) => !call.includes(" GET "));
const remove = async (): Promise<void> =>
  await run(driver.remove(desktop, clock.timeout(minutes(5))));

describe("a VMID that somebody else took in the meantime", () => {
  test.each([
    ["VM", vm("pv8", "theirs")],
    ["VM without a name", vm("pv8", "", { config: { description: "theirs" } })],
    ["container", vm("pv8", "theirs", { type: "lxc" })],
  ])("leaves nothing to remove where it is a %s, which is left alone", async (_what, stranger) => {
    cluster.vms.set(101, stranger);
    cluster.ha.set("vm:101", { state: "started", comment: "theirs" });
    await remove();
    expect(writes()).toEqual([]);
  });

  test("is judged when the clone that takes it has been made, which has no name before", async () => {
    const theirs = vm("pv8", "", { config: { lock: "clone" } });
    cluster.vms.set(101, theirs);
    const finishClone = async (): Promise<void> => {
      await clock.sleep(seconds(60), never);
      theirs.name = "theirs";
      theirs.config = {};
    };
    await run(Promise.all([driver.remove(desktop, clock.timeout(minutes(5))), finishClone()]));
    expect(writes()).toEqual([]);
    expect(cluster.vms.has(101)).toBe(true);
  });

  test("is not touched where a VM of our name has lost the mark, which a person must judge", async () => {
    cluster.vms.set(101, vm("pv8", "blackout-pve-1", { running: true }));
    await expect(remove()).rejects.toMatchObject({
      code: "unsafe",
      message: expect.stringContaining("its description does not hold mark=r1-t1"),
    });
    expect(writes()).toEqual([]);
  });
});

/** Where the answer to the first such call never comes, but PVE does as it was told, so much later. */
function comesLate(call: RegExp, by: number): void {
  let calls = 0;
  api = fakeApi(clock, (given, host, form) => {
    if (!call.test(given) || ++calls > 1) return cluster.answer(given, host, form);
    const act = async (): Promise<void> => {
      await clock.sleep(seconds(by), never);
      cluster.answer(given, host, form);
    };
    void act();
    return silence;
  });
  driver = driverOver(sessionOf(clock, api));
}

async function cutDeployment(wanted = request): Promise<DesktopHandle> {
  const handle = await run(driver.prepare(wanted, never));
  await expect(run(driver.deploy(handle, wanted, clock.timeout(seconds(5))))).rejects.toMatchObject(
    { code: "timed-out" },
  );
  return handle;
}

/** A process that knows nothing but the handle. */
const anotherProcess = (): void => {
  driver = driverOver(sessionOf(clock, api));
};

async function removalOf(handle: DesktopHandle): Promise<number> {
  const before = clock.now();
  await run(driver.remove(handle, clock.timeout(minutes(5))));
  const took = inSeconds(between(before, clock.now()));
  await run(clock.sleep(seconds(60), never));
  return took;
}

describe("a deployment that was cut while a request was under way", () => {
  const existing: DesktopRequest = {
    ...request,
    spec: { ...request.spec, source: { kind: "existing", vmid: 200 } } as DesktopRequest["spec"],
  };

  describe.each([
    ["in the process that was told to stop", () => undefined],
    ["in a fresh process", anotherProcess],
  ])("%s", (_where, change) => {
    test("leaves no clone that appears when somebody has looked already", async () => {
      comesLate(/POST .*\/clone$/u, 12);
      const handle = await cutDeployment();
      change();
      await removalOf(handle);
      expect([...cluster.vms.keys()]).toEqual([9000, 200]);
    });

    test("leaves no HA settings of a clone behind", async () => {
      comesLate(/POST \/cluster\/ha\/resources$/u, 12);
      const handle = await cutDeployment();
      change();
      await removalOf(handle);
      expect([...cluster.ha.keys()]).toEqual([]);
      expect([...cluster.vms.keys()]).toEqual([9000, 200]);
    });

    test("leaves a VM that was there before as it was", async () => {
      comesLate(/POST \/cluster\/ha\/resources$/u, 12);
      const handle = await cutDeployment(existing);
      change();
      await removalOf(handle);
      expect([...cluster.ha.keys()]).toEqual([]);
      expect(cluster.vms.get(200)?.running).toBe(true);
    });

    test("puts old HA settings back after the change that was under way", async () => {
      cluster.ha.set("vm:200", { state: "started", comment: "billing" });
      comesLate(/PUT \/cluster\/ha\/resources\/vm:200$/u, 12);
      const handle = await cutDeployment(existing);
      change();
      await removalOf(handle);
      expect(cluster.ha.get("vm:200")).toEqual({ state: "started", comment: "billing" });
    });
  });

  test("is waited for once, and no longer than 20 s after the cut", async () => {
    comesLate(/POST .*\/clone$/u, 1e5);
    const handle = await cutDeployment();
    const took = await removalOf(handle);
    expect(took).toBeGreaterThan(18);
    expect(took).toBeLessThan(23);
    expect(await removalOf(handle)).toBeLessThan(1);
  });
});

describe("what is known", () => {
  test("makes nobody wait: nothing was asked for, or all was answered", async () => {
    expect(await removalOf(desktop)).toBeLessThan(1);
    await run(driver.deploy(desktop, request, never));
    cluster.vms.delete(101);
    cluster.ha.delete("vm:101");
    expect(await removalOf(desktop)).toBeLessThan(1);
  });

  test("makes a fresh process wait for nothing that is all there", async () => {
    await run(driver.deploy(desktop, request, never));
    anotherProcess();
    expect(await removalOf(desktop)).toBeLessThan(5);
    expect([...cluster.vms.keys()]).toEqual([9000, 200]);
  });
});
