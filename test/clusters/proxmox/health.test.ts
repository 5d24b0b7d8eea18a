import { beforeEach, describe, expect, test } from "vitest";
import { seconds } from "../../../src/base/time.ts";
import { ProxmoxApiError, ProxmoxTransportError } from "../../../src/clients/proxmox/api-error.ts";
import { driverOver } from "../../../src/clusters/proxmox/create-proxmox-driver.ts";
import type { ClusterDriver } from "../../../src/contracts/cluster-driver.ts";
import type { DesktopHandle } from "../../../src/model/cluster-facts.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { fakeApi, sessionOf } from "./fake-api.ts";
import { SmallCluster } from "./small-cluster.ts";

const never = new AbortController().signal;
const CEPH = "GET /cluster/ceph/status";

let clock: VirtualClock;
let cluster: SmallCluster;
/** What stands in the place of the small cluster's own answer. */
let instead: Readonly<Record<string, () => unknown>>;
let driver: ClusterDriver;

beforeEach(() => {
  // When the small cluster's stamps are two seconds old.
  clock = new VirtualClock("2026-11-22T03:50:22.000Z");
  cluster = new SmallCluster();
  instead = {};
  const api = fakeApi(clock, (call, host, form) => {
    const other = instead[call];
    return other === undefined ? cluster.answer(call, host, form) : other();
  });
  driver = driverOver(sessionOf(clock, api));
});

const health = async () => await clock.runUntilSettled(driver.health(never));

const booted = async () => (await health()).problems.filter((each) => each.includes("booted"));

const refused = (status: number, reason: string) => (): never => {
  throw new ProxmoxApiError(
    { host: "https://pv7:8006", method: "GET", path: "/x" },
    { status, reason, errors: {} },
  );
};

describe("a driver's health", () => {
  test("finds a quiet cluster ready, without a device and with storage unknown", async () => {
    const { problems, storage, quorum } = await health();
    expect(problems).toEqual([]);
    expect(storage).toBeNull();
    expect(quorum).toMatchObject({ expected_votes: 3, device_votes: 0 });
  });

  test("tells what Ceph says", async () => {
    const checks = { OSD_DOWN: { summary: { message: "1 osds down" } } };
    instead = { [CEPH]: () => ({ health: { status: "HEALTH_WARN", checks } }) };
    const detail = "Ceph says HEALTH_WARN: 1 osds down";
    expect((await health()).storage).toEqual({ healthy: false, detail });
  });

  test.each([
    [403, "Permission check failed (/, Sys.Audit|Datastore.Audit)"],
    [501, "Method 'GET /cluster/ceph/status' not implemented"],
    [500, "pveceph configuration not initialized"],
  ])("knows nothing of storage when Ceph's status is answered by %i %s", async (status, reason) => {
    instead = { [CEPH]: refused(status, reason) };
    expect((await health()).storage).toBeNull();
  });

  test("takes a Ceph that does not answer for unhealthy", async () => {
    instead = { [CEPH]: refused(500, "got timeout") };
    expect((await health()).storage).toEqual({
      healthy: false,
      detail: expect.stringMatching(/^Ceph does not answer: .*got timeout$/),
    });
    instead = {
      [CEPH]: () => {
        throw new ProxmoxTransportError("timed-out", "no answer", {
          call: { host: "https://pv7:8006", method: "GET", path: "/x" },
          sent: "unknown",
          cause: null,
        });
      },
    };
    expect((await health()).storage).toEqual({
      healthy: false,
      detail: "Ceph does not answer: no answer",
    });
  });

  test("counts a device's vote, and none where the token may not ask for it", async () => {
    const path = "GET /cluster/config/qdevice";
    instead = { [path]: () => ({ Algorithm: "LMS", State: "Connected", Model: "Net" }) };
    expect((await health()).quorum).toMatchObject({ expected_votes: 5, device_votes: 2 });
    instead = { [path]: refused(403, "Permission check failed (/, Sys.Audit)") };
    expect((await health()).quorum).toMatchObject({ expected_votes: 3, device_votes: 0 });
  });
});

const hidden = async (rights: unknown): Promise<string | null> => {
  cluster.rights = rights;
  return (await health()).hidden.workloads?.saw ?? null;
};

describe("guests that the token may not see", () => {
  test("are none where VM.Audit holds for all of /vms", async () => {
    expect((await health()).hidden).toEqual({ workloads: null, budgets: null });
    expect(await hidden({ "/": { "VM.Audit": 1 } })).toBeNull();
  });

  test.each([
    [{}, "/vms"],
    [{ "/pool/blackout": { "VM.Audit": 1 }, "/vms/101": { "VM.Audit": 1 } }, "/vms"],
    [{ "/vms": { "VM.Audit": 0 } }, "/vms"],
    [{ "/": { "VM.Audit": 1 }, "/vms": { "VM.Clone": 1 } }, "/vms"],
    [{ "/vms": { "VM.Audit": 1 }, "/vms/105": { "VM.Console": 1 } }, "/vms/105"],
  ])("may be there with %j", async (rights, where) => {
    expect(await hidden(rights)).toBe(
      `guests may be there that cannot be seen: VM.Audit is not granted on ${where}`,
    );
  });

  test("may be there where the API does not tell what the token may do", async () => {
    const path = "GET /access/permissions";
    instead = { [path]: refused(403, "Permission check failed") };
    expect((await health()).hidden.workloads?.saw).toContain("Permission check failed");
    instead = { [path]: () => ["?"] };
    expect((await health()).hidden.workloads?.needs).toContain("VM.Audit on /vms");
  });
});

describe("a fresh process", () => {
  test("waits for the lock that a node may have left which booted a minute ago", async () => {
    cluster.uptimes = { pv7: 60, pv8: 60 };
    expect(await booted()).toEqual([expect.stringContaining("node pv7 booted a moment ago")]);
    expect((await booted())[0]).toContain("wait 120 s");
    cluster.uptimes = { pv7: 181 };
    expect(await booted()).toEqual([]);
  });

  test("does not once it has watched the cluster through that boot", async () => {
    const desktop: DesktopHandle = {
      kind: "proxmox",
      vmid: 200,
      name: "mine",
      mark: "r1-t1",
      owned: false,
      before: null,
    };
    const watch = { victim: () => "pv7", onEvent: () => undefined };
    cluster.uptimes = { pv7: 50 };
    await clock.runUntilSettled(driver.observe(desktop, watch, clock.timeout(seconds(100))));
    expect(await booted()).toEqual([]);
    cluster.uptimes = { pv7: 150 };
    expect(await booted()).toEqual([expect.stringContaining("node pv7 booted a moment ago")]);
  });
});
