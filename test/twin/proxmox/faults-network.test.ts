import { describe, expect, test } from "vitest";
import type { ProxmoxTwin } from "../../../src/twin/proxmox/proxmox-twin.ts";
import { forecastWorkerLoss } from "./failover-formulas.ts";
import { LEAVE_NOTICED, lockLost, LOSS_NOTICED, silentClientReset } from "./fault-formulas.ts";
import type { FaultRun } from "./fault-run.ts";
import { agentLockAge, around, not, outside, resetOf, runsOf, VICTIM } from "./fault-run.ts";

const cases: readonly {
  readonly name: string;
  readonly fault: (twin: ProxmoxTwin) => void;
  readonly noticed: readonly [number, number];
  /** How the victim's own pmxcfs takes it: it waits until it has given the others up, refuses at once, or waits for ever. */
  readonly own: "waits" | "refuses" | "stands still";
}[] = [
  {
    name: "all links cut",
    fault: (twin) => {
      twin.setLink(VICTIM, "eth0", false);
      twin.setLink(VICTIM, "eth1", false);
    },
    noticed: LOSS_NOTICED,
    own: "waits",
  },
  {
    name: "only the corosync link cut",
    fault: (twin) => {
      twin.setLink(VICTIM, "eth1", false);
    },
    noticed: LOSS_NOTICED,
    own: "waits",
  },
  {
    name: "corosync stopped",
    fault: (twin) => {
      twin.actOnUnit(VICTIM, "corosync", "stop");
    },
    noticed: LEAVE_NOTICED,
    own: "refuses",
  },
  {
    name: "corosync killed",
    fault: (twin) => {
      twin.actOnUnit(VICTIM, "corosync", "kill");
    },
    noticed: LOSS_NOTICED,
    own: "refuses",
  },
  {
    name: "corosync frozen",
    fault: (twin) => {
      twin.actOnUnit(VICTIM, "corosync", "freeze");
    },
    noticed: LOSS_NOTICED,
    own: "stands still",
  },
  {
    name: "corosync, LRM and CRM frozen",
    fault: (twin) => {
      twin.actOnUnit(VICTIM, "corosync", "freeze");
      twin.actOnUnit(VICTIM, "pve-ha-lrm", "freeze");
      twin.actOnUnit(VICTIM, "pve-ha-crm", "freeze");
    },
    noticed: LOSS_NOTICED,
    own: "stands still",
  },
];

/** NaN when it never noticed. */
const lockLostAt = (run: FaultRun): number => run.first("lrm-lost_agent_lock", { node: VICTIM });

/** Rounds are slept through in whole seconds: one of 26 is a second short, one that had to wait may be longer. */
function isLostInTime(run: FaultRun, own: (typeof cases)[number]["own"]): boolean {
  if (own === "stands still") return Number.isNaN(lockLostAt(run));
  const waitsUntil = own === "waits" ? run.first("membership") : 0;
  return Math.abs(lockLostAt(run) - lockLost(run.lrmAge, waitsUntil)) <= 1.1;
}

const sinceWarning = (run: FaultRun): number => resetOf(run) - run.first("watchdog-warning");
const sinceExpiry = (run: FaultRun): number => resetOf(run) - run.first("watchdog-expired");

const cut = (twin: ProxmoxTwin): void => {
  twin.setLink(VICTIM, "eth1", false);
};

describe.each(cases)("a worker with $name", ({ fault, noticed, own }) => {
  const runs = runsOf({ fault, watch: 240 });

  test("is missed by the others as soon as corosync can", () => {
    expect(outside(runs(), (run) => run.first("membership"), noticed)).toEqual([]);
  });

  test("loses its agent lock in the LRM's next round, if its pmxcfs lets it know", () => {
    expect(not(runs(), (run) => isLostInTime(run, own))).toEqual([]);
  });

  test("runs its VM until its watchdog resets it, 59 to 71 s after the fault", () => {
    expect(outside(runs(), resetOf, [59, 71])).toEqual([]);
    expect(outside(runs(), resetOf, (run) => silentClientReset(agentLockAge(run)))).toEqual([]);
    expect(not(runs(), (run) => run.guestDead === resetOf(run))).toEqual([]);
    expect(outside(runs(), sinceWarning, around(19, 0.01))).toEqual([]);
    expect(outside(runs(), sinceExpiry, around(9, 0.01))).toEqual([]);
  });

  test("has its VM moved when its lock has expired, as after a kill", () => {
    const complaints = runs().filter((run) => {
      const forecast = forecastWorkerLoss({
        lockAge: agentLockAge(run),
        crmAge: run.crmAge,
        change: run.first("membership"),
      });
      const error = Math.abs(run.moved - forecast.moved);
      const isApart = Math.abs(error - 10.022) <= 1.5 && forecast.fromBoundary <= 1.5;
      return !(run.moved >= 120 && run.moved <= 142) || (error > 1.5 && !isApart);
    });
    expect(complaints.map(({ seed, moved }) => ({ seed, moved }))).toEqual([]);
    expect(not(runs(), (run) => run.scenario.nodeOf(100) !== VICTIM)).toEqual([]);
    expect(not(runs(), (run) => run.count("split-brain") === 0)).toEqual([]);
  });
});

const cutTwo = (twin: ProxmoxTwin): void => {
  cut(twin);
  twin.setLink("pve1", "eth1", false);
};

const cutPublic = (twin: ProxmoxTwin): void => {
  twin.setLink(VICTIM, "eth0", false);
};

describe("a corosync link that is cut", () => {
  test("and restored within the token's time-out changes nothing", () => {
    const runs = runsOf({ fault: cut, watch: 2.5 })();
    for (const run of runs) {
      run.twin.setLink(VICTIM, "eth1", true);
      run.wait(200);
    }
    expect(not(runs, (run) => run.count("membership") === 0)).toEqual([]);
    expect(not(runs, (run) => run.count("token-recovered") === 1)).toEqual([]);
    expect(not(runs, (run) => run.guestBoot() === run.bootId)).toEqual([]);
  });

  test("and restored after 20 s costs neither reset nor fencing", () => {
    const runs = runsOf({ fault: cut, watch: 20 })();
    for (const run of runs) {
      expect(run.twin.clusterStatus(VICTIM), `seed ${run.seed}`).toMatchObject({ quorate: false });
      run.twin.setLink(VICTIM, "eth1", true);
      run.wait(200);
    }
    expect(not(runs, (run) => run.count("watchdog-expired") === 0)).toEqual([]);
    expect(not(runs, (run) => run.count("node-fence") === 0)).toEqual([]);
    expect(not(runs, (run) => run.guestBoot() === run.bootId)).toEqual([]);
    expect(not(runs, (run) => run.twin.lrmStatus()[VICTIM]?.state === "active")).toEqual([]);
    expect(not(runs, (run) => run.twin.managerStatus().nodes[VICTIM] === "online")).toEqual([]);
  });

  test("shows its node the state of then, and refuses its writes without quorum", () => {
    for (const run of runsOf({ fault: cut, watch: 30 })()) {
      const { twin, seed } = run;
      expect(twin.managerStatus().nodes[VICTIM], `seed ${seed}`).toBe("unknown");
      expect(twin.managerStatus(VICTIM).nodes[VICTIM], `seed ${seed}`).toBe("online");
      expect(twin.managerStatus(VICTIM).wallSeconds).toBeLessThan(twin.managerStatus().wallSeconds);
      expect([...twin.clusterStatus(VICTIM).online]).toEqual([VICTIM]);
      expect([...twin.clusterStatus("pve1").online]).toEqual(["pve1", "pve3"]);
      const outcomes: string[] = [];
      twin.write(
        VICTIM,
        () => 1,
        (outcome) => outcomes.push(outcome.kind),
      );
      expect(outcomes).toEqual(["refused"]);
    }
  });

  test("on a node that hosts nothing and is not master never resets it", () => {
    const runs = runsOf({ fault: cut, host: "pve1", watch: 600 })();
    expect(not(runs, (run) => run.twin.hostState(VICTIM) === "up")).toEqual([]);
    expect(not(runs, (run) => run.guestBoot() === run.bootId)).toEqual([]);
  });

  test("on an idle node that is master lets its CRM go without harm, and another take over", () => {
    const runs = runsOf({ fault: cut, master: VICTIM, host: "pve1", watch: 200 })();
    expect(not(runs, (run) => run.twin.hostState(VICTIM) === "up")).toEqual([]);
    expect(outside(runs, (run) => run.first("master"), [110, 124])).toEqual([]);
  });

  test("on two of three nodes resets every armed one", () => {
    const runs = runsOf({ fault: cutTwo, watch: 100 })();
    expect(outside(runs, (run) => run.first("watchdog-reset"), [59, 71])).toEqual([]);
    expect(not(runs, (run) => run.twin.hostState("pve1") === "up")).toEqual([]);
  });
});

test("a public link that is cut leaves the cluster as it is", () => {
  const runs = runsOf({ fault: cutPublic, watch: 300 })();
  expect(not(runs, (run) => run.count("membership") === 0)).toEqual([]);
  expect(not(runs, (run) => run.guestBoot() === run.bootId)).toEqual([]);
});
