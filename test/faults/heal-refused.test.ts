import { describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import { seconds } from "../../src/base/time.ts";
import { PlannedFault } from "../../src/faults/planned-fault.ts";
import type { FaultSpec } from "../../src/model/fault-spec.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { scene } from "./a-scene.ts";

const refusals = [
  new OperatingError("denied", "the BMC does not know user admin"),
  new OperatingError("untrusted", "another host key"),
];

/** Whoever refuses does so for this long: a BMC reloads its user table, somebody spoofs a datagram. */
const REFUSING = seconds(100);

const byBmc: readonly FaultSpec[] = [
  { kind: "power", action: "off", over: "ipmi" },
  { kind: "sysrq", key: "c", over: "ssh" },
  { kind: "shutdown", action: "poweroff", policy: null, over: "ssh" },
];
const bySsh: readonly FaultSpec[] = [
  { kind: "network-cut", cut: "all", for_ms: 60_000, over: "ssh" },
  { kind: "service", service: "pve-ha-lrm", action: "stop", over: "ssh" },
];

describe("a heal that is refused for a while", () => {
  it.each([...byBmc, ...bySsh])("brings the node back all the same: %j", async (spec) => {
    for (const refusal of refusals) {
      const { strike, fault, node, clock, elapsed, run } = scene(spec);
      await strike();
      const struck = elapsed();
      if (byBmc.includes(spec)) node.bmcError = refusal;
      else node.sshError = refusal;
      clock.queue.after(REFUSING, () => {
        node.bmcError = null;
        node.sshError = null;
      });
      const told: string[] = [];
      await run(
        async () =>
          await fault.heal("pve2", clock.timeout(seconds(1200)), (line) => {
            told.push(line);
          }),
      );
      expect(node).toMatchObject({ powered: true, system: "up" });
      expect(elapsed() - struck).toBeGreaterThan(100);
      // Seldom enough for no account to be locked.
      expect(told.length).toBeGreaterThanOrEqual(1);
      expect(told.length).toBeLessThanOrEqual(4);
      expect(told[0]).toMatch(
        new RegExp(`pve2.* was refused; tried again in 30 s: .*${refusal.message}`, "u"),
      );
    }
  });

  it("goes on until its time ends, and then says by what it was refused", async () => {
    const { node, heal, elapsed } = scene({ kind: "power", action: "off", over: "ipmi" });
    node.powered = false;
    node.bmcError = new OperatingError("denied", "wrong password");
    await expect(heal(300)).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/bring pve2 back.*wrong password.*by hand/u),
    });
    expect(elapsed()).toBe(300);
  });

  it("ends at once where a person has to put something right before anything can go on", async () => {
    for (const code of ["configuration", "environment", "unsafe"] as const) {
      const { node, heal, elapsed } = scene({ kind: "power", action: "off", over: "ipmi" });
      node.powered = false;
      node.bmcError = new OperatingError(code, "no ipmitool here");
      await expect(heal(300)).rejects.toMatchObject({ code });
      expect(elapsed()).toBeLessThan(1);
    }
  });

  it("goes on where the cluster's own API refuses, too", async () => {
    const clock = new VirtualClock();
    const tries: unknown[] = [];
    const method = {
      title: "cordon",
      cure: "the node is uncordoned",
      strikesWithin: seconds(0),
      check: async () => [],
      inject: async () => undefined,
      look: async () => null,
      heal: async () => {
        if (tries.push(clock.now()) < 4) throw new OperatingError("denied", "token expired");
      },
    };
    const world = { clock, close: async () => undefined };
    const fault = new PlannedFault({ kind: "cordon", over: "api" }, method, world);
    const told: string[] = [];
    const healing = fault.heal("w1", clock.timeout(seconds(300)), (line) => {
      told.push(line);
    });
    await clock.runUntilSettled(healing);
    expect(tries).toEqual([0, 30, 60, 90].map((at) => seconds(at)));
    expect(told).toHaveLength(3);
    expect(told[0]).toMatch(/token expired/u);
  });
});
