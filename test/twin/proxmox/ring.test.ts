import { describe, expect, test } from "vitest";
import type { WriteOutcome } from "../../../src/twin/proxmox/proxmox-twin.ts";
import { Scenario } from "./scenario.ts";

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

describe("a write to /etc/pve", () => {
  test("is done at once on a whole ring, and waits for the new membership after a kill", () => {
    const scenario = new Scenario(1);
    const done: number[] = [];
    const write = (): void => {
      scenario.twin.write(
        "pve1",
        () => 1,
        () => done.push(scenario.now),
      );
    };
    write();
    expect(done).toEqual([0]);
    scenario.wait(10);
    scenario.twin.powerOff("pve3");
    write();
    scenario.wait(3);
    expect(done).toEqual([0]);
    expect(scenario.twin.clusterStatus("pve1").online.has("pve3")).toBe(true);
    scenario.wait(10);
    expect(done[1]).toBe(scenario.times("membership")[0]);
  });

  test("is forgotten when its node dies first", () => {
    const scenario = new Scenario(1, { settings: { nodes: 5 } });
    scenario.twin.powerOff("pve5");
    let isDone = false;
    scenario.twin.write(
      "pve4",
      () => 1,
      () => (isDone = true),
    );
    scenario.wait(1);
    scenario.twin.powerOff("pve4");
    scenario.wait(60);
    expect(isDone).toBe(false);
  });

  test("is refused without quorum, in PVE's words", () => {
    const scenario = new Scenario(1);
    scenario.twin.powerOff("pve2");
    scenario.twin.powerOff("pve3");
    const outcomes: WriteOutcome<number>[] = [];
    scenario.twin.write(
      "pve1",
      () => 1,
      (outcome) => outcomes.push(outcome),
    );
    scenario.wait(30);
    expect(outcomes).toMatchObject([
      { kind: "refused", error: { status: 500, message: "cluster not ready - no quorum?" } },
    ]);
  });
});

describe("the membership change", () => {
  test("comes earlier by the time since the last message, as long as that is shorter than totem.hold", () => {
    for (const silence of [0, 0.34, 0.66]) {
      const changes = SEEDS.map((seed) => changeAfter(silence, seed));
      const longest = Math.max(...changes);
      expect(Math.min(...changes)).toBeCloseTo(8.03 - silence, 6);
      // A node's own message during the silence starts it anew.
      expect(longest).toBeLessThanOrEqual(8.03 + 1e-6);
      const asSaid = changes.filter((change) => Math.abs(change - (8.03 - silence)) < 1e-6);
      expect(asSaid.length).toBeGreaterThan(SEEDS.length / 2);
    }
  });
});

describe("a second death", () => {
  test("before the token is lost is found together with the first", () => {
    const scenario = new Scenario(2, { settings: { nodes: 5 } });
    scenario.twin.powerOff("pve4");
    scenario.wait(2);
    scenario.twin.powerOff("pve5");
    scenario.wait(60);
    expect(scenario.times("membership")).toHaveLength(1);
    expect(scenario.times("membership")[0]).toBeLessThanOrEqual(10.89);
  });

  test("while the ring gathers costs one more consensus time-out", () => {
    const scenario = new Scenario(2, { settings: { nodes: 5 } });
    scenario.twin.powerOff("pve4");
    scenario.wait(7);
    scenario.twin.powerOff("pve5");
    scenario.wait(60);
    const [change = NaN] = scenario.times("membership");
    expect(change).toBeLessThanOrEqual(10.89 + 5.94);
    expect(change).toBeGreaterThan(10.89 + 5.94 - 0.932);
    expect([...scenario.twin.clusterStatus("pve1").online]).toEqual(["pve1", "pve2", "pve3"]);
  });
});

describe("the loss of quorum (2 of 3 nodes dead)", () => {
  test("resets an armed survivor 59 to 71 s later by its watchdog", () => {
    for (const seed of SEEDS) {
      const scenario = new Scenario(seed, { master: "pve1" });
      scenario.deploy(100, "pve2");
      scenario.wait(60 + 20 * scenario.random.next());
      const kill = scenario.now;
      scenario.twin.powerOff("pve1");
      scenario.twin.powerOff("pve3");
      scenario.wait(40);
      expect(scenario.twin.lrmStatus()["pve2"]?.state, `seed ${seed}`).toBe("active");
      expect(scenario.times("lrm-lost_agent_lock", kill), `seed ${seed}`).toHaveLength(1);
      expect(scenario.guestPhase(100)).toBe("up");
      scenario.wait(40);
      const [reset = NaN] = scenario.times("watchdog-reset", kill, { node: "pve2" });
      expect(reset - kill, `seed ${seed}`).toBeGreaterThanOrEqual(59);
      expect(reset - kill, `seed ${seed}`).toBeLessThanOrEqual(71);
      expect(scenario.guestPhase(100), `seed ${seed}`).toBe("off");
    }
  });

  test("leaves a survivor alone that hosts nothing and is not master", () => {
    const scenario = new Scenario(1, { master: "pve1" });
    scenario.deploy(100, "pve2");
    scenario.wait(60);
    scenario.twin.powerOff("pve1");
    scenario.twin.powerOff("pve2");
    scenario.wait(300);
    expect(scenario.twin.hostState("pve3")).toBe("up");
    expect(scenario.times("watchdog-expired")).toEqual([]);
    expect(scenario.twin.clusterStatus("pve3").quorate).toBe(false);
  });

  test("is healed when the others return: the VM runs again, once", () => {
    const scenario = new Scenario(4, { master: "pve1" });
    scenario.deploy(100, "pve2");
    scenario.wait(60);
    scenario.twin.powerOff("pve1");
    scenario.twin.powerOff("pve3");
    scenario.wait(200);
    scenario.twin.powerOn("pve1");
    scenario.twin.powerOn("pve3");
    scenario.wait(400);
    expect(scenario.guestPhase(100)).toBe("up");
    expect(scenario.twin.managerStatus().services["vm:100"]).toMatchObject({
      state: "started",
      running: true,
    });
  });
});

/** Seconds from the kill of pve3 to the next membership, after a message and this much silence of ours. */
function changeAfter(silence: number, seed: number): number {
  const scenario = new Scenario(seed);
  scenario.wait(20 + 10 * scenario.random.next());
  scenario.twin.write(
    "pve1",
    () => 1,
    () => undefined,
  );
  scenario.wait(silence);
  const kill = scenario.now;
  scenario.twin.powerOff("pve3");
  scenario.wait(10);
  return (scenario.times("membership", kill)[0] ?? Number.NaN) - kill;
}
