import { describe, expect, test } from "vitest";
import type { ProxmoxTwin } from "../../../src/twin/proxmox/proxmox-twin.ts";
import type { Range } from "./fault-formulas.ts";
import { guestsStopped, migrated, movedAfterLeave } from "./fault-formulas.ts";
import type { FaultRun } from "./fault-run.ts";
import { around, not, outside, runsOf, VICTIM } from "./fault-run.ts";

const end =
  (action: "poweroff" | "reboot") =>
  (twin: ProxmoxTwin): void => {
    twin.shutDown(VICTIM, action);
  };

const GUEST_SHUTDOWN = 3;

/**
 * The LRM stops the VM in its next round. In the first second of a round it does not: one of its workers is just looking
 * after the VM, so that the request to stop is lost (LRM.pm `queue_resource_command`), and QEMU goes with the power.
 */
const endsWell = (run: FaultRun): boolean => {
  const [low, high] = around(guestsStopped(run.lrmAge, GUEST_SHUTDOWN), 1.1);
  return isForgotten(run) || (run.guestDead >= low && run.guestDead <= high);
};
const isForgotten = (run: FaultRun): boolean => run.lrmAge < 1.1 && run.guestDead === run.powerGone;
const leftAt = (run: FaultRun): number => run.first("membership");
const expectedMove = (run: FaultRun): Range =>
  around(movedAfterLeave(run.crmAge, leftAt(run)), 1.5);
const isMovedInTime = (run: FaultRun): boolean => {
  const error = Math.abs(run.moved - movedAfterLeave(run.crmAge, leftAt(run)));
  return error <= 1.5 || Math.abs(error - 10.022) <= 1.5;
};
const notMoved = (run: FaultRun): boolean => run.scenario.nodeOf(100) === VICTIM;

describe("a shutdown under the policy conditional (also when none is set)", () => {
  const runs = runsOf({ fault: end("poweroff"), watch: 240 });

  test("stops the VM in the LRM's next round, and says goodbye before the power goes", () => {
    expect(not(runs(), endsWell)).toEqual([]);
    // The LRM looks at its workers once a second; a slave's CRM takes up to 5 s.
    const stopped = runs().filter((run) => !isForgotten(run));
    expect(stopped.length).toBeGreaterThan(80);
    expect(outside(stopped, (run) => leftAt(run) - run.guestDead, [0, 7])).toEqual([]);
    expect(not(runs(), (run) => leftAt(run) < run.powerGone)).toEqual([]);
    expect(not(runs(), (run) => run.twin.hostState(VICTIM) === "off")).toEqual([]);
    expect(not(runs(), (run) => run.count("watchdog-expired") === 0)).toEqual([]);
  });

  test("moves the service at once when the node has been away for 60 s: its lock is free", () => {
    expect(not(runs(), isMovedInTime)).toEqual([]);
    // Only whole seconds put a run on the other side of a round.
    expect(outside(runs(), (run) => run.moved, expectedMove).length).toBeLessThan(15);
    expect(outside(runs(), (run) => run.moved - run.first("membership"), [49, 71])).toEqual([]);
    expect(not(runs(), (run) => run.scenario.guestPhase(100) === "up")).toEqual([]);
  });
});

describe("a reboot under the policy conditional", () => {
  const runs = runsOf({ fault: end("reboot"), assumed: { node_boot_ms: 200_000 }, watch: 400 });

  test("freezes the services: no failover, however long it takes, and the VM comes back there", () => {
    expect(not(runs(), endsWell)).toEqual([]);
    expect(not(runs(), (run) => run.count("service-freeze") === 1)).toEqual([]);
    expect(not(runs(), (run) => Number.isNaN(run.moved) && notMoved(run))).toEqual([]);
    expect(not(runs(), (run) => run.scenario.guestPhase(100) === "up")).toEqual([]);
    expect(not(runs(), (run) => run.guestBoot() !== run.bootId)).toEqual([]);
  });
});

describe("under the policy failover", () => {
  const settings = { shutdown_policy: "failover" } as const;

  test("a reboot of 45 s brings the VM back on the same node", () => {
    const runs = runsOf({ settings, fault: end("reboot"), watch: 240 })();
    expect(not(runs, endsWell)).toEqual([]);
    expect(not(runs, (run) => Number.isNaN(run.moved) && notMoved(run))).toEqual([]);
    expect(not(runs, (run) => run.scenario.guestPhase(100) === "up")).toEqual([]);
  });

  test("a reboot of 100 s loses it to another", () => {
    const assumed = { node_boot_ms: 100_000 };
    const runs = runsOf({ settings, assumed, fault: end("reboot"), watch: 240 })();
    expect(outside(runs, (run) => run.moved - run.first("membership"), [49, 71])).toEqual([]);
    expect(not(runs, (run) => !notMoved(run))).toEqual([]);
  });
});

test("under the policy freeze a shutdown is never recovered, until the node is back", () => {
  const settings = { shutdown_policy: "freeze" } as const;
  for (const run of runsOf({ settings, fault: end("poweroff"), watch: 600 })()) {
    expect(run.twin.hostState(VICTIM), `seed ${run.seed}`).toBe("off");
    expect(run.serviceState, `seed ${run.seed}`).toBe("freeze");
    expect(run.moved, `seed ${run.seed}`).toBe(NaN);
    run.twin.powerOn(VICTIM);
    run.wait(120);
    expect(run.scenario.nodeOf(100), `seed ${run.seed}`).toBe(VICTIM);
    expect(run.scenario.guestPhase(100), `seed ${run.seed}`).toBe("up");
  }
});

const stayedUp = (run: FaultRun): boolean =>
  run.guestBoot() === run.bootId && Number.isNaN(run.guestDead);

const maintain = (twin: ProxmoxTwin): void => {
  twin.setMaintenance(VICTIM, true);
};

const maintainWithFailback = (twin: ProxmoxTwin): void => {
  twin.updateHaResource("vm:100", { failback: 1 });
  maintain(twin);
};

const ask =
  (kind: "migrate" | "relocate") =>
  (twin: ProxmoxTwin): void => {
    twin.moveService(kind, "vm:100", "pve1");
  };

const freezeAndShutDown = (twin: ProxmoxTwin): void => {
  twin.actOnUnit(VICTIM, "pve-ha-lrm", "freeze");
  end("poweroff")(twin);
};

const migratedAt = (run: FaultRun): number => run.first("migrated");
const expectedMigration = (run: FaultRun): Range =>
  around(migrated(run.crmAge, run.lrmAge, 10), 1.2);
const isMigratedInTime = (run: FaultRun): boolean => {
  const error = Math.abs(migratedAt(run) - migrated(run.crmAge, run.lrmAge, 10));
  return error <= 1.2 || Math.abs(error - 10.038) <= 1.2;
};

describe("without an outage the VM moves away", () => {
  test("before a shutdown under the policy migrate, which waits for it", () => {
    const settings = { shutdown_policy: "migrate" } as const;
    const runs = runsOf({ settings, fault: end("poweroff"), watch: 240 })();
    expect(not(runs, stayedUp)).toEqual([]);
    expect(not(runs, (run) => run.twin.hostState(VICTIM) === "off")).toEqual([]);
    expect(not(runs, (run) => run.first("lrm-ended") > run.first("migrated"))).toEqual([]);
    expect(outside(runs, (run) => run.first("migrated"), [10, 50])).toEqual([]);
    expect(not(runs, (run) => run.count("node-fence") === 0)).toEqual([]);
  });

  test("from a node in maintenance, and stays away after it when it has no failback", () => {
    for (const run of runsOf({ fault: maintain, watch: 120 })()) {
      expect(run.twin.managerStatus().nodes[VICTIM], `seed ${run.seed}`).toBe("maintenance");
      expect(run.twin.lrmStatus()[VICTIM], `seed ${run.seed}`).toMatchObject({
        mode: "maintenance",
      });
      expect(run.first("migrated"), `seed ${run.seed}`).toBeLessThan(62);
      expect(notMoved(run), `seed ${run.seed}`).toBe(false);
      run.twin.setMaintenance(VICTIM, false);
      run.wait(120);
      expect(run.twin.managerStatus().nodes[VICTIM], `seed ${run.seed}`).toBe("online");
      expect(notMoved(run), `seed ${run.seed}`).toBe(false);
      expect(stayedUp(run), `seed ${run.seed}`).toBe(true);
    }
  });

  test("from a node in maintenance, and returns after it when it has", () => {
    for (const run of runsOf({ fault: maintainWithFailback, watch: 120 })()) {
      expect(notMoved(run), `seed ${run.seed}`).toBe(false);
      run.twin.setMaintenance(VICTIM, false);
      run.wait(120);
      expect(notMoved(run), `seed ${run.seed}`).toBe(true);
      expect(run.serviceState, `seed ${run.seed}`).toBe("started");
      expect(stayedUp(run), `seed ${run.seed}`).toBe(true);
    }
  });

  test("when it is asked to: in the LRM's round after the CRM's, and stands still for 100 ms", () => {
    const runs = runsOf({ fault: ask("migrate"), watch: 120 })();
    expect(not(runs, isMigratedInTime)).toEqual([]);
    expect(outside(runs, migratedAt, expectedMigration).length).toBeLessThan(25);
    expect(not(runs, stayedUp)).toEqual([]);
    expect(not(runs, (run) => run.scenario.nodeOf(100) === "pve1")).toEqual([]);
    for (const run of runs) {
      const pauses = run.scenario.events.filter((event) => event.kind === "pause");
      const [from, to] = pauses;
      expect(pauses.map(({ paused, node }) => [paused, node])).toEqual([
        [true, VICTIM],
        [false, "pve1"],
      ]);
      expect(((to?.at ?? 0) - (from?.at ?? 0)) / 1e6, `seed ${run.seed}`).toBeCloseTo(100, 6);
    }
  });
});

describe("what goes wrong on the way", () => {
  test("a target that dies leaves the VM running where it is", () => {
    for (const run of runsOf({ fault: ask("migrate"), watch: 0 })()) {
      run.scenario.queue.runUntil(() => run.count("migration-started") > 0);
      run.twin.powerOff("pve1");
      run.wait(120);
      expect(run.guestBoot(), `seed ${run.seed}`).toBe(run.bootId);
      expect(run.scenario.nodeOf(100), `seed ${run.seed}`).toBe(VICTIM);
      expect(run.serviceState, `seed ${run.seed}`).toBe("started");
    }
  });

  test("a source that dies is fenced, and the VM recovered once", () => {
    for (const run of runsOf({ fault: ask("migrate"), watch: 0 })()) {
      run.scenario.queue.runUntil(() => run.count("migration-started") > 0);
      run.wait(20 * run.scenario.random.next());
      run.twin.powerOff(VICTIM);
      run.wait(300);
      expect(run.scenario.guestPhase(100), `seed ${run.seed}`).toBe("up");
      expect(run.scenario.nodeOf(100), `seed ${run.seed}`).not.toBe(VICTIM);
      expect(run.guestStarts.length, `seed ${run.seed}`).toBeLessThanOrEqual(1);
      expect(run.serviceState, `seed ${run.seed}`).toBe("started");
    }
  });

  test("a relocation stops the VM and starts it on the target", () => {
    const runs = runsOf({ fault: ask("relocate"), watch: 120 })();
    expect(not(runs, (run) => run.guestStarts.length === 1)).toEqual([]);
    expect(not(runs, (run) => run.scenario.nodeOf(100) === "pve1")).toEqual([]);
    expect(not(runs, (run) => run.scenario.guestPhase(100) === "up")).toEqual([]);
  });

  test("a node that shuts down with a frozen LRM waits until its watchdog ends it", () => {
    const runs = runsOf({ fault: freezeAndShutDown, watch: 100 })();
    expect(outside(runs, (run) => run.first("watchdog-reset"), [59, 71])).toEqual([]);
    expect(not(runs, (run) => run.twin.hostState(VICTIM) === "booting" || run.now > 59)).toEqual(
      [],
    );
  });
});
