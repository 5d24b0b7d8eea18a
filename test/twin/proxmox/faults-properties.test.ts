import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import type {
  ManagerStatus,
  TwinEvent,
  UnitAct,
  UnitName,
} from "../../../src/twin/proxmox/proxmox-twin.ts";
import { Scenario } from "./scenario.ts";

const units: readonly UnitName[] = [
  "corosync",
  "pve-cluster",
  "pve-ha-crm",
  "pve-ha-lrm",
  "watchdog-mux",
];
const unitActs: readonly UnitAct[] = ["stop", "start", "kill", "freeze", "thaw"];

const does = fc.oneof(
  fc.record({
    kind: fc.constant("link" as const),
    link: fc.constantFrom("eth0" as const, "eth1" as const),
    up: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("unit" as const),
    unit: fc.constantFrom(...units),
    act: fc.constantFrom(...unitActs),
  }),
  fc.record({
    kind: fc.constantFrom("powerOff" as const, "powerOn" as const, "reset" as const),
  }),
  fc.record({
    kind: fc.constant("shutDown" as const),
    action: fc.constantFrom("poweroff" as const, "reboot" as const),
  }),
  fc.record({ kind: fc.constant("maintenance" as const), on: fc.boolean() }),
  fc.record({
    kind: fc.constant("move" as const),
    how: fc.constantFrom("migrate" as const, "relocate" as const),
    vmid: fc.constantFrom(100, 101),
  }),
);

type Doing = typeof does extends fc.Arbitrary<infer Value> ? Value : never;

const script = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 120 }), node: fc.constantFrom(1, 2, 3), does }),
  { minLength: 1, maxLength: 14 },
);

const policy = fc.constantFrom(null, "conditional", "failover", "freeze", "migrate");

function act({ twin }: Scenario, node: string, doing: Doing): void {
  switch (doing.kind) {
    case "link":
      twin.setLink(node, doing.link, doing.up);
      break;
    case "unit":
      twin.actOnUnit(node, doing.unit, doing.act);
      break;
    case "powerOff":
    case "powerOn":
    case "reset":
      twin[doing.kind](node);
      break;
    case "shutDown":
      twin.shutDown(node, doing.action);
      break;
    case "maintenance":
      twin.setMaintenance(node, doing.on);
      break;
    case "move":
      twin.moveService(doing.how, `vm:${doing.vmid}`, node);
      break;
  }
}

/** Two VMs under HA, and somebody who does whatever can be done. */
function play(
  seed: number,
  shutdown_policy: ProxmoxSettings["shutdown_policy"],
  acts: readonly { readonly wait: number; readonly node: number; readonly does: Doing }[],
): Scenario {
  const scenario = new Scenario(seed, { settings: { shutdown_policy } });
  scenario.deploy(100, "pve1");
  scenario.deploy(101, "pve2");
  scenario.wait(40);
  for (const each of acts) {
    scenario.wait(each.wait);
    act(scenario, `pve${each.node}`, each.does);
  }
  return scenario;
}

/** Starts of a VM that runs already, or of any on a node that is not up. */
function impossibleStarts(scenario: Scenario): readonly TwinEvent[] {
  const running = new Set<number>();
  const up = new Set(scenario.twin.nodes.map(({ name }) => name));
  return scenario.events.filter((event) => {
    if (event.kind === "host" && event.state === "up") up.add(event.node);
    else if (event.kind === "host") up.delete(event.node);
    if (event.kind !== "guest") return false;
    if (event.state.phase === "off") running.delete(event.vmid);
    if (event.state.phase !== "starting") return false;
    const isWrong = running.has(event.vmid) || !up.has(event.node);
    running.add(event.vmid);
    return isWrong;
  });
}

/** PVE gives a service up whose move had just arrived when all who knew of it died. */
const isLost = (
  status: ManagerStatus,
  vmid: number,
  acts: readonly { readonly does: Doing }[],
): boolean =>
  status.services[`vm:${vmid}`]?.state === "error" &&
  acts.some(
    ({ does: { kind } }) => kind === "move" || kind === "maintenance" || kind === "shutDown",
  );

const options = { numRuns: 100, seed: 20_260_102 };

describe("whatever is done to its links, units, power and services, a cluster", () => {
  test("never starts a VM twice, nor on a dead node", () => {
    fc.assert(
      fc.property(fc.nat(), policy, script, (seed, shutdown_policy, acts) => {
        const scenario = play(seed, shutdown_policy, acts);
        scenario.wait(300);
        expect(impossibleStarts(scenario)).toEqual([]);
      }),
      options,
    );
  });

  test("runs everything again when all its nodes are switched off and on", () => {
    fc.assert(
      fc.property(fc.nat(), policy, script, (seed, shutdown_policy, acts) => {
        const scenario = play(seed, shutdown_policy, acts);
        const { twin } = scenario;
        for (const { name } of twin.nodes) {
          twin.powerOff(name);
          twin.powerOn(name);
        }
        scenario.wait(300);
        for (const { name } of twin.nodes) twin.setMaintenance(name, false);
        scenario.wait(900);
        const status = twin.managerStatus();
        for (const vmid of [100, 101]) {
          if (isLost(status, vmid, acts)) continue;
          expect(scenario.guestPhase(vmid)).toBe("up");
        }
        expect(Object.values(status.nodes)).toEqual(["online", "online", "online"]);
      }),
      options,
    );
  });

  test("does the same for the same seed", () => {
    fc.assert(
      fc.property(fc.nat(), policy, script, (seed, shutdown_policy, acts) => {
        const first = play(seed, shutdown_policy, acts).events;
        expect(play(seed, shutdown_policy, acts).events).toEqual(first);
      }),
      { ...options, numRuns: 20 },
    );
  });
});
