import { describe, expect, test } from "vitest";
import { clusterStatus, managerStatus, vmResources } from "../../../src/clients/proxmox/replies.ts";
import { judgeHealth, type HealthFacts } from "../../../src/clusters/proxmox/judge-health.ts";
import { leftOverLockSeconds, unsettledNodes } from "../../../src/clusters/proxmox/settling.ts";
import { at, seconds } from "../../../src/base/time.ts";
import { recorded } from "./recorded.ts";

/** 03:50:22, when reply 07 was given. */
const DATE = 1795319422;

const healthy: HealthFacts = {
  status: clusterStatus.parse(recorded("06")),
  manager: managerStatus.parse(recorded("07")),
  date: DATE,
  vms: vmResources.parse(recorded("10")),
  votes: new Map(),
  leftOverLock: 0,
  device: null,
  storage: null,
  hidden: null,
  unsettled: new Map(),
};

const span = (from: number, to: number) => ({
  earliest: at(seconds(from)),
  latest: at(seconds(to)),
});

describe("judgeHealth", () => {
  test("finds the recorded healthy cluster ready, with its master, votes and workloads", () => {
    const health = judgeHealth(healthy);
    expect(health.problems).toEqual([]);
    expect(health.quorum).toEqual({
      quorate: true,
      expected_votes: 3,
      present_votes: 3,
      device_votes: 0,
      needed_votes: 2,
    });
    expect(health.nodes.map(({ name, master, workloads }) => [name, master, workloads])).toEqual([
      ["pv7", true, []],
      ["pv8", false, ["lab100 (100)"]],
      ["pv9", false, []],
    ]);
    expect(health.nodes.every((node) => node.schedulable)).toBe(true);
  });

  test("counts every guest that is not known to be stopped, as one of a node whose pvestatd hangs runs all the same", () => {
    const [vm] = healthy.vms;
    if (vm === undefined) throw new Error("no VM was recorded");
    const vms = ["running", "stopped", "unknown", "paused"].map((status, index) => ({
      ...vm,
      vmid: 200 + index,
      name: status === "paused" ? "" : "mail",
      node: "pv9",
      status,
    }));
    const template = { ...vm, vmid: 300, node: "pv9", status: "unknown", template: true };
    const { nodes } = judgeHealth({ ...healthy, vms: [...vms, template] });
    expect(nodes.find(({ name }) => name === "pv9")?.workloads).toEqual([
      "mail (200)",
      "mail (202) (status unknown)",
      "203 (status paused)",
    ]);
  });

  test("counts the votes that corosync gives", () => {
    const { quorum } = judgeHealth({ ...healthy, votes: new Map([["pv7", 3]]) });
    expect(quorum).toMatchObject({ expected_votes: 5, needed_votes: 3 });
  });

  test("adds the votes of a device to those of an even number of nodes", () => {
    const status = healthy.status.filter((entry) => entry.name !== "pv9");
    const device = { Algorithm: "Fifty-Fifty split", State: "Connected" };
    expect(judgeHealth({ ...healthy, status, device }).quorum).toEqual({
      quorate: true,
      expected_votes: 3,
      present_votes: 3,
      device_votes: 1,
      needed_votes: 2,
    });
    const lost = { ...device, State: "Connect failed" };
    expect(judgeHealth({ ...healthy, status, device: lost }).quorum).toMatchObject({
      expected_votes: 3,
      present_votes: 2,
      device_votes: 0,
    });
  });

  test("does not believe in a device's vote without which the cluster says it is not quorate", () => {
    const status = clusterStatus.parse([
      { type: "cluster", name: "labc", quorate: 0 },
      { type: "node", name: "pv7", nodeid: 1, online: 1 },
      { type: "node", name: "pv8", nodeid: 2, online: 0 },
    ]);
    const device = { Algorithm: "Fifty-Fifty split", State: "Connected" };
    expect(judgeHealth({ ...healthy, status, device }).quorum).toMatchObject({
      expected_votes: 3,
      present_votes: 1,
      device_votes: 0,
      needed_votes: 2,
    });
  });

  test("tells each node's address, and the storage's health as it was read", () => {
    const storage = { healthy: false, detail: "Ceph says HEALTH_WARN: 1 osds down" };
    const health = judgeHealth({ ...healthy, storage });
    expect(health.storage).toEqual(storage);
    expect(health.nodes.map(({ machine }) => machine.addresses)).toEqual([
      ["10.88.0.17"],
      ["10.88.0.18"],
      ["10.88.0.19"],
    ]);
  });

  test("waits for a node that booted unseen, unless its LRM holds its lock and judges no others", () => {
    const problemsOf = (...nodes: readonly string[]) =>
      judgeHealth({ ...healthy, unsettled: new Map(nodes.map((node) => [node, 50])) }).problems;
    expect(problemsOf("pv9")).toEqual([
      "node pv9 booted a moment ago, and nobody here saw whether it was fenced: wait 50 s for the agent lock that may have been left behind",
    ]);
    // pv8's LRM is active, and so is pv7's, but pv7 has the lowest nodeid.
    expect(problemsOf("pv8")).toEqual([]);
    const manager = managerStatus.parse(recorded("07"));
    const active = { ...manager.lrm_status, pv7: { ...manager.lrm_status["pv8"] } };
    const all = managerStatus.parse({ ...manager, lrm_status: active });
    const health = judgeHealth({ ...healthy, manager: all, unsettled: new Map([["pv7", 9]]) });
    expect(health.problems).toEqual([expect.stringContaining("node pv7 booted a moment ago")]);
  });

  test("names a node that the HA manager has lost, and the age of its LRM's last word", () => {
    const { problems, nodes } = judgeHealth({
      ...healthy,
      manager: managerStatus.parse(recorded("72")),
      date: 1795319650,
    });
    expect(problems).toEqual([
      "the HA manager sees node pv8 as fence",
      "LRM of pv8 has not reported for 89 s",
      "HA service vm:100 on pv8 is in state fence",
    ]);
    expect(nodes.find((node) => node.name === "pv8")?.schedulable).toBe(false);
  });

  test("names nodes that are offline, and a cluster without quorum", () => {
    const status = clusterStatus.parse([
      { type: "cluster", name: "labc", quorate: "0" },
      { type: "node", name: "pv7", nodeid: "1", online: "1" },
      { type: "node", name: "pv8", nodeid: 2, online: 0 },
      { type: "node", name: "pv9", nodeid: 3 },
    ]);
    expect(judgeHealth({ ...healthy, status }).problems).toEqual([
      "the cluster is not quorate",
      "node pv8 is offline",
      "node pv9 is offline",
    ]);
  });

  test("names a CRM master that is silent, but not while nothing is under HA", () => {
    const manager = managerStatus.parse(recorded("07"));
    const old = { ...manager, manager_status: { ...manager.manager_status, timestamp: DATE - 40 } };
    expect(judgeHealth({ ...healthy, manager: old }).problems).toEqual([
      "CRM master pv7 has not reported for 40 s",
    ]);
    const idle = { ...old, manager_status: { ...old.manager_status, service_status: {} } };
    expect(judgeHealth({ ...healthy, manager: idle }).problems).toEqual([]);
  });

  test("says when HA is disarmed and when a node is in maintenance", () => {
    const manager = managerStatus.parse(recorded("07"));
    const changed = {
      ...manager.manager_status,
      disarm: { mode: "freeze" },
      node_status: { ...manager.manager_status.node_status, pv9: "maintenance" },
    };
    const health = judgeHealth({ ...healthy, manager: { ...manager, manager_status: changed } });
    expect(health.problems).toEqual(["HA is disarmed"]);
    expect(health.nodes.filter(({ maintenance }) => maintenance).map(({ name }) => name)).toEqual([
      "pv9",
    ]);
  });

  test("says how many seconds the left-over agent lock still has", () => {
    expect(judgeHealth({ ...healthy, leftOverLock: 34 }).problems).toEqual([
      "the agent lock that the last fencing left behind has not expired: 34 s remain",
    ]);
  });

  test("takes a cluster that never had HA for ready but for its LRMs' silence", () => {
    const manager = managerStatus.parse({ manager_status: {}, quorum: { quorate: "1" } });
    expect(judgeHealth({ ...healthy, manager }).problems).toEqual([
      "LRM of pv7 has never reported",
      "LRM of pv8 has never reported",
      "LRM of pv9 has never reported",
    ]);
  });
});

describe("unsettledNodes", () => {
  const now = at(seconds(1000));
  const uptimes = new Map([
    ["pv7", 6353],
    ["pv8", 60],
    ["pv9", 180],
  ]);

  test("names those that booted less than three minutes ago, and for how long", () => {
    const left = unsettledNodes(uptimes, { watched: [], watchedSince: null }, now);
    expect([...left]).toEqual([["pv8", 120]]);
  });

  test("leaves out a boot that this process watched: it knows of a fencing by itself", () => {
    const watched = { watched: [span(900, 950)], watchedSince: null };
    expect(unsettledNodes(uptimes, watched, now).size).toBe(0);
    expect(unsettledNodes(uptimes, { watched: [], watchedSince: at(seconds(930)) }, now).size).toBe(
      0,
    );
  });

  test("does not take a boot before or after it watched for one that it watched", () => {
    const early = { watched: [span(100, 930)], watchedSince: at(seconds(945)) };
    expect([...unsettledNodes(uptimes, early, now).keys()]).toEqual(["pv8"]);
  });
});

describe("leftOverLockSeconds", () => {
  const now = at(seconds(200));

  test.each([
    [null, null, 0],
    [span(129, 130), null, 51],
    [span(10, 11), null, 0],
    [span(129, 130), span(180, 181), 102],
    [null, span(180, 181), 0],
  ])(
    "after fencing at %j and the judge's return at %j is %i",
    (fenced, judgeReturned, expected) => {
      expect(leftOverLockSeconds({ fenced, judgeReturned }, now)).toBe(expected);
    },
  );
});
