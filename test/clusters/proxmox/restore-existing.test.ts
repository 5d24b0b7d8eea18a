import { beforeEach, describe, expect, test } from "vitest";
import { seconds } from "../../../src/base/time.ts";
import { driverOver } from "../../../src/clusters/proxmox/create-proxmox-driver.ts";
import type { ClusterDriver, DesktopRequest } from "../../../src/contracts/cluster-driver.ts";
import type { DesktopHandle } from "../../../src/model/cluster-facts.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { fakeApi, sessionOf } from "./fake-api.ts";
import { SmallCluster } from "./small-cluster.ts";

const never = new AbortController().signal;
const request: DesktopRequest = {
  spec: {
    kind: "proxmox",
    source: { kind: "existing", vmid: 200 },
    reach: { kind: "console" },
    vnc_password: null,
  },
  placement: { kind: "any" },
  run: "r1",
  trial: "pve-1",
  mark: "r1-t1",
};

let clock: VirtualClock;
let cluster: SmallCluster;
let api: ReturnType<typeof fakeApi>;
let driver: ClusterDriver;

beforeEach(() => {
  clock = new VirtualClock("2026-11-22T03:50:22.000Z");
  cluster = new SmallCluster();
  cluster.ha.set("vm:200", { state: "started", comment: "billing" });
  api = fakeApi(clock, cluster.answer);
  driver = driverOver(sessionOf(clock, api));
});

const run = async <T>(promise: Promise<T>): Promise<T> => clock.runUntilSettled(promise);

async function deployed(): Promise<DesktopHandle> {
  const desktop = await run(driver.prepare(request, never));
  await run(driver.deploy(desktop, request, never));
  return desktop;
}

const puts = (): readonly string[] => api.calls.filter((call) => call.includes(" PUT "));

describe("putting an existing VM back", () => {
  test("asks PVE 8, which knows no failback of a VM, to forget nothing but what is there", async () => {
    cluster.knowsFailback = false;
    cluster.ha.set("vm:200", { state: "started", max_restart: "2" });
    const desktop = await deployed();
    await run(driver.remove(desktop, clock.timeout(seconds(60))));
    expect(cluster.ha.get("vm:200")).toEqual({ state: "started", max_restart: "2" });
    expect(puts().at(-1)).toContain("delete=comment");
  });

  test("disables a service that HA has given up on, waits until the CRM has seen it, and only then puts its settings back", async () => {
    const desktop = await deployed();
    cluster.failed.set("vm:200", 3);
    await run(driver.remove(desktop, clock.timeout(seconds(60))));
    expect(cluster.ha.get("vm:200")).toEqual({ state: "started", comment: "billing" });
    expect(cluster.failed.size).toBe(0);
    expect(
      puts()
        .slice(-2)
        .map((call) => call.split(" ")[3]?.split("&")[0]),
    ).toEqual(["state=disabled", "state=started"]);
  });

  test("says what it waits for when the CRM never lets go of the error", async () => {
    const desktop = await deployed();
    cluster.failed.set("vm:200", Number.POSITIVE_INFINITY);
    await expect(run(driver.remove(desktop, clock.timeout(seconds(60))))).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringContaining("service vm:200 error on pv9"),
    });
  });
});
