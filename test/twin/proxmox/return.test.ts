import { describe, expect, test } from "vitest";
import { Scenario } from "./scenario.ts";

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

/** VM 100 runs on `victim`; the node is reset and back after `boot` seconds. */
function reset(
  seed: number,
  victim: string,
  master: string,
  boot: number,
): { scenario: Scenario; kill: number } {
  const settings = {
    assumed: {
      qemu_start_ms: 300,
      guest_network_ms: 8000,
      guest_boot_ms: 16_000,
      node_boot_ms: boot * 1000,
      clone_ms: 4000,
      migration_ms: 10_000,
      migration_downtime_ms: 100,
    },
  };
  const scenario = new Scenario(seed, { settings, master });
  scenario.deploy(100, victim);
  scenario.wait(60 + 20 * scenario.random.next());
  const kill = scenario.now;
  scenario.twin.reset(victim);
  scenario.wait(400);
  return { scenario, kill };
}

describe("a victim that comes back", () => {
  test("before it is fenced keeps its VM, but waits out its own old lock", () => {
    for (const seed of SEEDS) {
      const { scenario, kill } = reset(seed, "pve2", "pve3", 45);
      expect(scenario.times("node-fence", kill), `seed ${seed}`).toEqual([]);
      const [start = NaN] = scenario.guestStarts(100, kill);
      expect(scenario.nodeOf(100), `seed ${seed}`).toBe("pve2");
      // 121 s less the lock's age of up to 10 s, then six tries in each 10 s.
      expect(start - kill, `seed ${seed}`).toBeGreaterThan(110);
      expect(start - kill, `seed ${seed}`).toBeLessThan(130);
    }
  });

  test("while it is being fenced stays in state fence and loses its VM at the usual time", () => {
    for (const seed of SEEDS) {
      const { scenario, kill } = reset(seed, "pve2", "pve3", 100);
      const [moved = NaN] = scenario.times("service-moved", kill);
      const [acknowledged = NaN] = scenario.times("fence-acknowledged", kill);
      const online = scenario.times("node-online", kill, { node: "pve2" });
      expect(moved - kill, `seed ${seed}`).toBeGreaterThan(120);
      expect(moved - kill, `seed ${seed}`).toBeLessThan(142);
      expect(online.length, `seed ${seed}`).toBe(1);
      expect(online[0], `seed ${seed}`).toBeGreaterThan(acknowledged);
      expect(scenario.nodeOf(100), `seed ${seed}`).not.toBe("pve2");
      expect(scenario.guestPhase(100), `seed ${seed}`).toBe("up");
    }
  });

  test("and has the lowest nodeid judges locks with fresh timers: fencing starts to count anew", () => {
    for (const seed of SEEDS) {
      const { scenario, kill } = reset(seed, "pve1", "pve3", 100);
      const [moved = NaN] = scenario.times("service-moved", kill);
      expect(moved - kill, `seed ${seed}`).toBeGreaterThan(100 + 121);
      expect(moved - kill, `seed ${seed}`).toBeLessThan(100 + 145);
    }
  });

  test("and was master with the lowest nodeid gets its VM back itself, long after its return", () => {
    for (const seed of SEEDS) {
      const { scenario, kill } = reset(seed, "pve1", "pve1", 100);
      expect(scenario.times("service-moved", kill), `seed ${seed}`).toEqual([]);
      const [start = NaN] = scenario.guestStarts(100, kill);
      expect(scenario.nodeOf(100), `seed ${seed}`).toBe("pve1");
      expect(start - kill, `seed ${seed}`).toBeGreaterThan(100 + 120);
      expect(start - kill, `seed ${seed}`).toBeLessThan(100 + 140);
    }
  });

  test("before the ring has re-formed is never missed", () => {
    for (const seed of SEEDS) {
      const { scenario, kill } = reset(seed, "pve2", "pve3", 5);
      expect(scenario.times("node-unknown", kill), `seed ${seed}`).toEqual([]);
      const [change = NaN] = scenario.times("membership", kill);
      expect(change - kill).toBeCloseTo(5.1, 3);
      expect(scenario.nodeOf(100), `seed ${seed}`).toBe("pve2");
      expect(scenario.guestPhase(100), `seed ${seed}`).toBe("up");
    }
  });

  test("and is to take over again soon has first to get rid of its own fenced lock, 1 s later", () => {
    const scenario = new Scenario(5, { master: "pve3" });
    scenario.deploy(100, "pve1");
    scenario.wait(60);
    scenario.twin.powerOff("pve1");
    scenario.wait(150);
    scenario.twin.powerOn("pve1");
    // pve1's agent lock is the master's since the fencing; nobody renews it, and pve1 is the judge since its boot.
    scenario.wait(180);
    const kill = scenario.now;
    scenario.twin.powerOff(scenario.nodeOf(100));
    scenario.wait(200);
    const [moved = NaN] = scenario.times("service-moved", kill);
    const [unlocked = NaN] = scenario.times("lock-unlocked", moved, {
      detail: "ha_agent_pve1_lock",
    });
    const [start = NaN] = scenario.guestStarts(100, kill);
    expect(scenario.nodeOf(100)).toBe("pve1");
    expect(start - unlocked).toBeGreaterThan(0.99);
    expect(start - unlocked).toBeLessThan(1.1);
  });
});

describe("a node that panics", () => {
  test("is silent but powered, and boots only when it is reset or switched off and on", () => {
    const scenario = new Scenario(3, { master: "pve3" });
    const { twin } = scenario;
    twin.panic("pve2");
    expect(twin.hostState("pve2")).toBe("hung");
    expect(twin.isPowered("pve2")).toBe(true);
    twin.powerOn("pve2");
    scenario.wait(300);
    expect(twin.hostState("pve2")).toBe("hung");
    twin.reset("pve2");
    expect(twin.hostState("pve2")).toBe("booting");
    scenario.wait(46);
    expect(twin.hostState("pve2")).toBe("up");
    expect([...twin.clusterStatus("pve1").online]).toEqual(["pve1", "pve2", "pve3"]);
  });
});
