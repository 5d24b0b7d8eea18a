import { describe, expect, test } from "vitest";
import { clusterStatus, managerStatus, vmResources } from "../../../src/clients/proxmox/replies.ts";
import { judgeHealth, type HealthFacts } from "../../../src/clusters/proxmox/judge-health.ts";
import { leftOverLockSeconds } from "../../../src/clusters/proxmox/settling.ts";
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
      needed_votes: 2,
    });
    expect(health.nodes.map(({ name, master, workloads }) => [name, master, workloads])).toEqual([
      ["pv7", true, []],
      ["pv8", false, ["lab100 (100)"]],
      ["pv9", false, []],
    ]);
    expect(health.nodes.every((node) => node.schedulable)).toBe(true);
  });

  test("counts the votes that corosync gives", () => {
    const { quorum } = judgeHealth({ ...healthy, votes: new Map([["pv7", 3]]) });
    expect(quorum).toMatchObject({ expected_votes: 5, needed_votes: 3 });
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
    expect(
      judgeHealth({ ...healthy, manager: { ...manager, manager_status: changed } }).problems,
    ).toEqual(["node pv9 is in maintenance", "HA is disarmed"]);
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
