import { describe, expect, test } from "vitest";
import type { UnitAct, UnitName } from "../../../src/twin/proxmox/proxmox-twin.ts";
import { DEVICE_RESET, silentClientReset } from "./fault-formulas.ts";
import type { Range } from "./fault-formulas.ts";
import type { FaultRun } from "./fault-run.ts";
import {
  agentLockAge,
  around,
  managerLockAge,
  not,
  outside,
  resetOf,
  runsOf,
  VICTIM,
} from "./fault-run.ts";

const act =
  (name: UnitName, does: UnitAct, node = VICTIM): Parameters<typeof runsOf>[0]["fault"] =>
  (twin) => {
    twin.actOnUnit(node, name, does);
  };

const frozenAt = (run: FaultRun): number => run.first("service-freeze");

const aroundNextCrmRound = (run: FaultRun, node: string): Range =>
  around(10.022 - run.age("crm-round", { node }), 1.1);

/** The LRM tries six times a second apart, every 10 s. */
const restart = (run: FaultRun): Range => [120 - agentLockAge(run), 128.5 - agentLockAge(run)];
/** Slaves try once a second. */
const nextMaster = (run: FaultRun): Range => [
  120 - managerLockAge(run),
  123.5 - managerLockAge(run),
];

describe("pve-ha-lrm of the host", () => {
  describe("killed", () => {
    const runs = runsOf({ fault: act("pve-ha-lrm", "kill"), watch: 240 });

    test("lets the watchdog reset the node within 10 s", () => {
      expect(outside(runs(), resetOf, DEVICE_RESET)).toEqual([]);
      expect(not(runs(), (run) => run.guestDead === resetOf(run))).toEqual([]);
    });

    test("gets its VM back when the node is up before it is fenced and its old lock has expired", () => {
      expect(not(runs(), (run) => run.count("node-fence") === 0)).toEqual([]);
      expect(not(runs(), (run) => run.scenario.nodeOf(100) === VICTIM)).toEqual([]);
      expect(outside(runs(), (run) => run.guestStarts[0] ?? NaN, restart)).toEqual([]);
    });
  });

  test("frozen is reset 59 to 71 s later, and its VM runs until then", () => {
    const runs = runsOf({ fault: act("pve-ha-lrm", "freeze"), watch: 100 })();
    expect(outside(runs, resetOf, (run) => silentClientReset(agentLockAge(run)))).toEqual([]);
    expect(outside(runs, resetOf, [59, 71])).toEqual([]);
    expect(not(runs, (run) => run.guestDead === resetOf(run))).toEqual([]);
    expect(not(runs, (run) => !(run.first("membership") < resetOf(run)))).toEqual([]);
  });

  test("frozen for 30 s goes on as if nothing had been", () => {
    const runs = runsOf({ fault: act("pve-ha-lrm", "freeze"), watch: 30 })();
    for (const run of runs) {
      expect(run.twin.unit(VICTIM, "pve-ha-lrm")).toMatchObject({ active: "active", frozen: true });
      run.twin.actOnUnit(VICTIM, "pve-ha-lrm", "thaw");
      run.wait(120);
    }
    expect(not(runs, (run) => run.count("watchdog-expired") === 0)).toEqual([]);
    expect(not(runs, (run) => run.guestBoot() === run.bootId)).toEqual([]);
    expect(not(runs, (run) => run.serviceState === "started")).toEqual([]);
  });

  describe("stopped", () => {
    const runs = runsOf({ fault: act("pve-ha-lrm", "stop"), watch: 21 });

    test("has its services frozen in the CRM's next round, and ends in its own next round", () => {
      // A round that has just begun passes over the services a moment later.
      const whole = runs().filter((run) => run.crmAge > 0.05);
      expect(outside(whole, frozenAt, (run) => aroundNextCrmRound(run, "pve3"))).toEqual([]);
      expect(
        not(runs(), (run) => run.twin.unit(VICTIM, "pve-ha-lrm")?.active === "inactive"),
      ).toEqual([]);
      expect(not(runs(), (run) => run.guestBoot() === run.bootId)).toEqual([]);
    });

    test("leaves no watchdog behind, so that nothing fails over; started again it goes on", () => {
      for (const run of runs()) {
        run.wait(300);
        expect(run.serviceState, `seed ${run.seed}`).toBe("freeze");
        run.twin.actOnUnit(VICTIM, "pve-ha-lrm", "start");
        run.wait(40);
        expect(run.serviceState, `seed ${run.seed}`).toBe("started");
        expect(run.twin.lrmStatus()[VICTIM]?.state, `seed ${run.seed}`).toBe("active");
        expect(run.guestBoot(), `seed ${run.seed}`).toBe(run.bootId);
        expect(run.count("watchdog-expired"), `seed ${run.seed}`).toBe(0);
      }
    });
  });
});

describe("pve-ha-crm", () => {
  test.each<UnitAct>(["kill", "stop", "freeze"])(
    "of a slave: %s, and nothing is seen of it",
    (does) => {
      const runs = runsOf({ fault: act("pve-ha-crm", does), watch: 300 })();
      expect(not(runs, (run) => run.guestBoot() === run.bootId)).toEqual([]);
      expect(not(runs, (run) => run.twin.hostState(VICTIM) === "up")).toEqual([]);
      expect(not(runs, (run) => run.count("master") === 0)).toEqual([]);
    },
  );

  const master = { master: VICTIM, host: "pve1" } as const;

  test("of the master, killed, is reset within 10 s; another is master when its lock has expired", () => {
    const runs = runsOf({ ...master, fault: act("pve-ha-crm", "kill"), watch: 200 })();
    expect(outside(runs, resetOf, DEVICE_RESET)).toEqual([]);
    expect(outside(runs, (run) => run.first("master"), nextMaster)).toEqual([]);
    expect(not(runs, (run) => run.guestBoot() === run.bootId)).toEqual([]);
  });

  test("of the master, frozen, is reset 59 to 71 s later", () => {
    const runs = runsOf({ ...master, fault: act("pve-ha-crm", "freeze"), watch: 100 })();
    expect(outside(runs, resetOf, [59, 71])).toEqual([]);
  });

  test("of the master, stopped, gives its lock away in its next round", () => {
    const runs = runsOf({ ...master, fault: act("pve-ha-crm", "stop"), watch: 200 })();
    expect(
      outside(
        runs,
        (run) => run.first("master"),
        (run) => aroundNextCrmRound(run, VICTIM),
      ),
    ).toEqual([]);
    expect(not(runs, (run) => run.twin.managerStatus().master !== VICTIM)).toEqual([]);
    expect(not(runs, (run) => run.twin.hostState(VICTIM) === "up")).toEqual([]);
    expect(not(runs, (run) => run.twin.unit(VICTIM, "pve-ha-crm")?.active === "inactive")).toEqual(
      [],
    );
  });
});

describe("other units", () => {
  test("watchdog-mux killed resets any node within 10 s, also an idle one", () => {
    const runs = runsOf({ fault: act("watchdog-mux", "kill"), host: "pve1", watch: 30 })();
    expect(outside(runs, resetOf, DEVICE_RESET)).toEqual([]);
  });

  test("pve-cluster killed loses the agent lock, and is reset 59 to 71 s later", () => {
    const runs = runsOf({ fault: act("pve-cluster", "kill"), watch: 100 })();
    expect(outside(runs, resetOf, [59, 71])).toEqual([]);
    expect(not(runs, (run) => run.first("membership") < 0.1)).toEqual([]);
  });

  test("corosync stopped and started within 20 s is as before", () => {
    const runs = runsOf({ fault: act("corosync", "stop"), watch: 20 })();
    for (const run of runs) {
      run.twin.actOnUnit(VICTIM, "corosync", "start");
      run.wait(100);
    }
    expect(not(runs, (run) => run.guestBoot() === run.bootId)).toEqual([]);
    expect(not(runs, (run) => run.count("watchdog-expired") === 0)).toEqual([]);
    expect(not(runs, (run) => run.twin.clusterStatus(VICTIM).online.size === 3)).toEqual([]);
    expect(not(runs, (run) => run.twin.lrmStatus()[VICTIM]?.state === "active")).toEqual([]);
  });
});
