import { describe, expect, test } from "vitest";
import { changesBetween } from "../../../src/clusters/proxmox/look-changes.ts";
import { managerStatus, tasks } from "../../../src/clients/proxmox/replies.ts";
import type { Look } from "../../../src/clusters/proxmox/look.ts";
import type { ControlPlaneEvent } from "../../../src/model/cluster-facts.ts";
import { healthyLook, lookWith, looksFrom } from "./recorded.ts";

const eventsOf = (looks: readonly Look[], victim: string): readonly ControlPlaneEvent[] =>
  looks.flatMap((current, index) => {
    const previous = looks[index - 1];
    return previous === undefined ? [] : changesBetween(previous, current, { vmid: 100, victim });
  });

const told = (events: readonly ControlPlaneEvent[]): readonly string[] =>
  events.map(({ kind, node, observed_ms: [, latest] }) => `${kind} ${node} by ${latest / 1000}`);

const manager = (service: Readonly<Record<string, unknown>>): Look["manager"] =>
  managerStatus.parse({
    manager_status: {
      node_status: { pv7: "online", pv8: "online", pv9: "online" },
      service_status: { "vm:100": { uid: "u", ...service } },
    },
  });

describe("changesBetween", () => {
  test("tells a worker's failover as it was recorded, step by step", () => {
    expect(told(eventsOf(looksFrom("poll-C1.csv"), "pv8"))).toEqual([
      "membership-lost pv8 by 9.01",
      "node-lost pv8 by 19.01",
      "fencing-started pv8 by 69.01",
      "fenced pv8 by 129.01",
      "node-chosen pv9 by 129.01",
      "node-returned pv8 by 154.01",
    ]);
  });

  test("tells a master's failover, where no look ever showed the state fence", () => {
    const looks = looksFrom("poll-C5.csv");
    expect(told(eventsOf(looks, "pv7"))).toEqual([
      "membership-lost pv7 by 9.01",
      "node-lost pv7 by 115.01",
      "fencing-started pv7 by 175.01",
      "fenced pv7 by 175.01",
      "node-chosen pv8 by 175.01",
      "node-returned pv7 by 199.01",
    ]);
  });

  test("says nothing while nothing changes", () => {
    expect(
      changesBetween(healthyLook(0, 10), healthyLook(1000, 1010), { vmid: 100, victim: "pv8" }),
    ).toEqual([]);
  });

  test("puts each fact between the start of the look before and the end of this one", () => {
    const [event] = changesBetween(
      healthyLook(1000, 1020),
      lookWith(2000, 2030, { online: new Set(["pv7", "pv9"]) }),
      { vmid: 100, victim: "pv8" },
    );
    expect(event?.observed_ms).toEqual([1000, 2030]);
  });

  test("calls a node that is lost another one while no victim is known, or when it is not the victim", () => {
    for (const victim of [null, "pv7"]) {
      const events = changesBetween(
        healthyLook(0, 10),
        lookWith(1000, 1010, { online: new Set(["pv7", "pv9"]) }),
        { vmid: 100, victim },
      );
      expect(events.map(({ kind, node }) => `${kind} ${node}`)).toEqual(["other-node-lost pv8"]);
    }
  });

  test("tells a QEMU start by its task, with the cluster's stamp, and only once", () => {
    const before = healthyLook(0, 10);
    const upid = "UPID:pv9:00000201:0009F57F:6B02672D:qmstart:100:root@pam:";
    const start = { upid, node: "pv9", type: "qmstart", id: "100", starttime: 1795319597 };
    const after = lookWith(1000, 1010, { tasks: [...before.tasks, ...tasks.parse([start])] });
    const subject = { vmid: 100, victim: "pv8" };
    expect(changesBetween(before, after, subject)).toMatchObject([
      { kind: "instance-started", node: "pv9", instance: upid, stamp: "1795319597" },
    ]);
    expect(changesBetween(after, lookWith(2000, 2010, { tasks: after.tasks }), subject)).toEqual(
      [],
    );
  });

  test.each([
    ["of another VM", { id: "101" }],
    ["that failed", { status: "start failed: QEMU exited with code 1" }],
    ["that only asks HA to start", { type: "hastart" }],
  ])("does not take a task %s for a start", (_what, changed) => {
    const start = { upid: "UPID:x", node: "pv9", type: "qmstart", id: "100", starttime: 1 };
    const after = lookWith(1000, 1010, { tasks: tasks.parse([{ ...start, ...changed }]) });
    expect(changesBetween(healthyLook(0, 10), after, { vmid: 100, victim: "pv8" })).toEqual([]);
  });

  test("tells a live migration by its target and its arrival, not by the QEMU that waits for it", () => {
    const start = { upid: "UPID:x", node: "pv9", type: "qmstart", id: "100", starttime: 1 };
    const moving = manager({ state: "migrate", node: "pv8", target: "pv9" });
    const [here, there] = [new Map([[100, "pv8"]]), new Map([[100, "pv9"]])];
    const incoming = tasks.parse([start]);
    const looks = [
      lookWith(0, 10, { manager: manager({ state: "started", node: "pv8" }), vmNodes: here }),
      lookWith(1000, 1010, { manager: moving, vmNodes: here }),
      lookWith(2000, 2010, { manager: moving, vmNodes: here, tasks: incoming }),
      lookWith(3000, 3010, { manager: moving, vmNodes: there, tasks: incoming }),
      lookWith(4000, 4010, {
        manager: manager({ state: "started", node: "pv9" }),
        vmNodes: there,
        tasks: incoming,
      }),
    ];
    expect(told(eventsOf(looks, "pv8"))).toEqual([
      "node-chosen pv9 by 1.01",
      "instance-started pv9 by 3.01",
    ]);
  });
});
