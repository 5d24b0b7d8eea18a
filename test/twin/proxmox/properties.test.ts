import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TwinEvent } from "../../../src/twin/proxmox/proxmox-twin.ts";
import { Scenario } from "./scenario.ts";

interface Act {
  readonly wait: number;
  readonly what: "powerOff" | "powerOn" | "reset" | "panic" | "stop" | "start";
  readonly node: number;
}

const acts = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 150 }),
    what: fc.constantFrom("powerOff", "powerOn", "reset", "panic", "stop", "start"),
    node: fc.integer({ min: 0, max: 4 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Two VMs under HA, and somebody at the power switches. */
function play(seed: number, nodes: number, script: readonly Act[]): Scenario {
  const scenario = new Scenario(seed, { settings: { nodes } });
  scenario.deploy(100, "pve1");
  scenario.deploy(101, "pve2");
  scenario.wait(40);
  for (const act of script) {
    scenario.wait(act.wait);
    const node = `pve${(act.node % nodes) + 1}`;
    const { twin } = scenario;
    if (act.what === "stop") twin.updateHaResource("vm:100", { state: "stopped" });
    else if (act.what === "start") twin.updateHaResource("vm:100", { state: "started" });
    else twin[act.what](node);
  }
  return scenario;
}

/** Starts of a VM that runs already, or on a node that is not up. */
function impossibleStarts(scenario: Scenario): TwinEvent[] {
  const running = new Set<number>();
  const up = new Set(scenario.twin.nodes.map((node) => node.name));
  const wrong: TwinEvent[] = [];
  for (const event of scenario.events) {
    if (event.kind === "host" && event.state === "up") up.add(event.node);
    else if (event.kind === "host") up.delete(event.node);
    if (event.kind !== "guest") continue;
    const isStart = event.state.phase === "starting";
    if (isStart && (running.has(event.vmid) || !up.has(event.node))) wrong.push(event);
    if (isStart) running.add(event.vmid);
    if (event.state.phase === "off") running.delete(event.vmid);
  }
  return wrong;
}

/** Renewals of the manager lock by a node that is not the last to have taken it. */
function foreignRenewals(scenario: Scenario): TwinEvent[] {
  let holder: string | null = scenario.firstMaster;
  return scenario.events.filter((event) => {
    if (event.kind !== "model" || event.detail !== "ha_manager_lock") return false;
    if (event.what === "lock-taken") holder = event.node;
    return event.what === "lock-renewed" && event.node !== holder;
  });
}

const options = { numRuns: 60, seed: 20_260_101 };

describe("whatever is done to the power of its nodes, a cluster", () => {
  test("never runs two instances of one VM, nor one on a dead node", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(3, 4, 5), acts, (seed, nodes, script) => {
        expect(impossibleStarts(play(seed, nodes, script))).toEqual([]);
      }),
      options,
    );
  });

  test("has one master at a time, and recovers when all its nodes are switched on again", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(3, 4, 5), acts, (seed, nodes, script) => {
        const scenario = play(seed, nodes, script);
        for (const { name } of scenario.twin.nodes) {
          scenario.twin.powerOff(name);
          scenario.twin.powerOn(name);
        }
        scenario.twin.updateHaResource("vm:100", { state: "started" });
        scenario.wait(900);
        expect([scenario.guestPhase(100), scenario.guestPhase(101)]).toEqual(["up", "up"]);
        expect(foreignRenewals(scenario)).toEqual([]);
      }),
      options,
    );
  });

  test("does the same for the same seed, and something else for another", () => {
    fc.assert(
      fc.property(fc.nat(), acts, (seed, script) => {
        expect(play(seed, 3, script).events).toEqual(play(seed, 3, script).events);
      }),
      { ...options, numRuns: 10 },
    );
    expect(play(1, 3, []).events).not.toEqual(play(2, 3, []).events);
  });
});
