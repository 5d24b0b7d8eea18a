import { describe, expect, it } from "vitest";
import { after, minutes, origin, seconds } from "../../../src/base/time.ts";
import { Statistics } from "../../../src/lab/proxmox/statistics.ts";
import { EventQueue } from "../../../src/twin/event-queue.ts";
import { FakeTwin, off } from "./support/fake-twin.ts";

function bench() {
  const queue = new EventQueue();
  const twin = new FakeTwin(queue, () => 1_795_319_422 + queue.now() / 1e9);
  const statistics = new Statistics(queue, twin);
  const at = (second: number): void => queue.advanceTo(after(origin, seconds(second)));
  return { queue, twin, statistics, at };
}

describe("what pvestatd has told the cluster of a VM", () => {
  it("stays running while its node is dead, and is forgotten after five minutes", () => {
    const { twin, statistics, at, queue } = bench();
    at(12);
    twin.setGuest(100, off);
    twin.setHost("pv8", "off");
    at(60);
    expect(statistics.vm(100)?.status).toBe("running");
    queue.advanceTo(after(origin, minutes(6)));
    expect(statistics.vm(100)).toBeNull();
    expect(statistics.knowsNode("pv8")).toBe(false);
    expect(statistics.knowsNode("pv7")).toBe(true);
  });

  it("goes from stale running over stopped to running on the node that takes it over", () => {
    const { twin, statistics, at } = bench();
    at(12);
    twin.setHost("pv8", "off");
    twin.setGuest(100, off);
    twin.setGuest(100, off, "pv9");
    expect(statistics.vm(100)?.status).toBe("running");
    at(22);
    expect(statistics.vm(100)?.status).toBe("stopped");
    twin.setGuest(100, twin.running("booting"));
    expect(statistics.vm(100)?.status).toBe("stopped");
    at(32);
    expect(statistics.vm(100)?.status).toBe("running");
  });

  it("counts a node's uptime from its last boot", () => {
    const { statistics, at, queue } = bench();
    at(100);
    expect(statistics.nodeUptimeSeconds("pv7")).toBe(3700);
    statistics.nodeBooted("pv7", queue.now());
    at(130);
    expect(statistics.nodeUptimeSeconds("pv7")).toBe(30);
  });
});
