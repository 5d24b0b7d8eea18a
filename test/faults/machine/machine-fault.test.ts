import { describe, expect, it } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { exactly } from "../../../src/base/interval.ts";
import { inSeconds, seconds, sinceOrigin } from "../../../src/base/time.ts";
import type { FaultSpec } from "../../../src/model/fault-spec.ts";
import { full, scene, target } from "../a-scene.ts";

const powerOff: FaultSpec = { kind: "power", action: "off", over: "ipmi" };
const powerCycle: FaultSpec = { kind: "power", action: "cycle", over: "ipmi" };
const sysrq = (key: "o" | "b" | "c"): FaultSpec => ({ kind: "sysrq", key, over: "ssh" });
const forced: FaultSpec = { kind: "forced-poweroff", over: "ssh" };
const everyFault = [powerOff, powerCycle, sysrq("o"), sysrq("b"), sysrq("c"), forced];

describe("check", () => {
  it("is content with a node that answers on both ways", async () => {
    for (const spec of everyFault) expect(await scene(spec).guards()).toEqual([]);
  });

  it("refuses what could not be cured without a BMC; a reset heals itself", async () => {
    for (const spec of [sysrq("o"), sysrq("c"), forced]) {
      expect(await scene(spec, { bmc: null }).guards()).toEqual(["cure-possible"]);
    }
    expect(await scene(sysrq("b"), { bmc: null }).guards()).toEqual([]);
    expect(await scene(powerOff, { bmc: null }).guards()).toEqual(["bmc-reachable"]);
  });

  it("refuses a BMC that is silent, a node that is off, a login that is not root", async () => {
    const silent = scene(powerOff);
    silent.node.bmcError = new OperatingError("timed-out", "no answer");
    expect(await silent.guards()).toEqual(["bmc-reachable"]);
    const off = scene(powerOff);
    off.node.powered = false;
    expect(await off.guards()).toEqual(["node-on"]);
    const user = scene(sysrq("b"));
    user.node.userId = "1000";
    expect(await user.guards()).toEqual(["ssh-reachable"]);
    expect(await scene(sysrq("b"), { ssh: null }).guards()).toEqual(["ssh-reachable"]);
  });

  it("refuses a BMC that would not switch the node on again, whichever way it is switched off", async () => {
    for (const spec of [powerOff, sysrq("o"), forced]) {
      const { node, guards } = scene(spec);
      for (const code of ["denied", "rejected"] as const) {
        node.demandError = new OperatingError(code, "role ReadOnly");
        expect(await guards()).toEqual(["power-on-possible"]);
      }
      node.demandError = new OperatingError("timed-out", "no answer");
      expect(await guards()).toEqual(["bmc-reachable"]);
      expect(node.controls).toEqual([]);
    }
  });

  it("refuses a BMC that cannot be proven to be the node's, unless the user vouches for it", async () => {
    const wrong = scene(powerOff);
    wrong.node.bmcUuid = "ffffffff-4455-6677-8899-aabbccddeeff";
    expect(await wrong.guards()).toEqual(["bmc-mapping"]);
    expect(await scene(powerOff, { ssh: null }).guards()).toEqual(["bmc-mapping"]);
    const broken = scene(powerOff);
    broken.node.sshError = new OperatingError("unreachable", "no");
    expect(await broken.guards()).toEqual(["bmc-mapping"]);
    const bmc = full.bmc === null ? null : { ...full.bmc, mapping: "asserted" as const };
    expect(await scene(powerOff, { ssh: null, bmc }).guards()).toEqual([]);
  });

  it("refuses a UUID that proves nothing, and a BMC that tells none", async () => {
    for (const uuid of [
      "00000000-0000-0000-0000-000000000000",
      "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
      "03000200-0400-0500-0006-000700080009",
    ]) {
      const shared = scene(powerOff);
      shared.node.uuid = uuid;
      shared.node.bmcUuid = uuid.toLowerCase();
      expect(await shared.guards()).toEqual(["bmc-mapping"]);
    }
    const mute = scene(powerOff);
    mute.node.bmcUuid = "";
    expect(await mute.guards()).toEqual(["bmc-mapping"]);
  });

  it("refuses a victim that the inventory does not list", async () => {
    const { run, never } = scene(powerOff);
    const refusals = await run(async (fault) => await fault.check("pve9", never));
    expect(refusals).toMatchObject([{ guard: "cure-possible" }]);
  });
});

describe("inject and confirm", () => {
  it("bounds a power cut by the last sign of life and the first proof of death", async () => {
    const { strike, node } = scene(powerOff);
    const proof = await strike();
    expect(node.controls).toEqual(["off"]);
    expect(proof.evidence).toMatch(/power is off.*not answered/u);
    // First beats 0.6 s, session 5 ms, request 5 ms, effect 300 ms later: dead at 0.910 s.
    expect(inSeconds(sinceOrigin(proof.gone.earliest))).toBe(0.9);
    expect(inSeconds(sinceOrigin(proof.gone.latest))).toBe(0.935);
  });

  it("does without beats where nobody can log in, and then knows it less closely", async () => {
    const { strike, node } = scene(powerOff);
    node.echoError = new OperatingError("denied", "no such key");
    const { gone } = await strike();
    // The login that fails takes 0.1 s of its own.
    expect(inSeconds(sinceOrigin(gone.earliest))).toBeLessThanOrEqual(0.41);
    expect(inSeconds(sinceOrigin(gone.latest))).toBeGreaterThanOrEqual(0.41);
    expect(inSeconds(sinceOrigin(gone.latest))).toBeLessThan(0.55);
  });

  it("takes the end of the session with the beats for no death: the machine may have lived on", async () => {
    const { strike, node, clock } = scene(sysrq("o"));
    clock.queue.after(seconds(1), () => node.endEchoes());
    const { gone } = await strike();
    // Dead at 1.7 s; beats up to 1 s, greetings after that.
    expect(inSeconds(sinceOrigin(gone.earliest))).toBeGreaterThan(1.1);
    expect(inSeconds(sinceOrigin(gone.earliest))).toBeLessThanOrEqual(1.7);
    expect(inSeconds(sinceOrigin(gone.latest))).toBeGreaterThanOrEqual(1.7);
  });

  it("leaves no session behind, whatever came of the strike", async () => {
    const { strike, node, run } = scene(sysrq("b"));
    await strike();
    expect(node.echoes).toEqual({ opened: 1, closed: 1 });
    const refused = scene(sysrq("b"));
    refused.node.heard = () => "unknown";
    await expect(refused.strike()).rejects.toMatchObject({ code: "rejected" });
    expect(refused.node.echoes).toEqual({ opened: 1, closed: 1 });
    await run(async (fault) => await fault.close());
  });

  it("hands on what the victim's clock showed just before", async () => {
    expect((await scene(sysrq("b")).strike()).stamp).toMatchObject({
      host: "pve2",
      stamp: expect.stringMatching(/^\d+\.\d+$/u),
      at_least_ms: 50,
    });
    expect((await scene(powerOff).strike()).stamp).toBeUndefined();
  });

  it("starts the command detached, so that the session ends before the node does", async () => {
    const { strike, node } = scene(sysrq("o"));
    await strike();
    expect(node.commands).toEqual([
      "date +%s.%N; setsid sh -c 'sleep 0.05; echo o > /proc/sysrq-trigger' >/dev/null 2>&1 </dev/null &",
    ]);
  });

  for (const spec of everyFault) {
    it(`holds the true instant of death in the span of ${JSON.stringify(spec)}`, async () => {
      const { strike } = scene(spec);
      const { gone } = await strike();
      const truth = spec.kind === "power" ? 0.91 : 1.7;
      const [earliest, latest] = [gone.earliest, gone.latest].map((each) =>
        inSeconds(sinceOrigin(each)),
      );
      expect(earliest).toBeLessThanOrEqual(truth);
      expect(latest).toBeGreaterThanOrEqual(truth);
      // From the last beat that came back to when the second was due that did not.
      expect((latest ?? 0) - (earliest ?? 0)).toBeLessThan(0.21);
    });
  }

  it("does not believe a BMC that says off of a node that still answers", async () => {
    const { clock, node, run } = scene(powerOff);
    node.powered = false;
    const requested = exactly(clock.now());
    await expect(
      run(async (fault) => await fault.confirm(target, requested, clock.timeout(seconds(30)))),
    ).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/the BMC said off.*SSH answered/u),
    });
  });

  it("does not take silence for death where the fault must take the power away", async () => {
    const { strike, node } = scene(sysrq("o"));
    node.stuckOn = true;
    await expect(strike(20)).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/the BMC never said off/u),
    });
  });

  it("confirms by the BMC alone where there is no SSH, and by SSH alone where there is no BMC", async () => {
    expect((await scene(powerOff, { ssh: null }).strike()).evidence).toBe(
      "the BMC says that power is off",
    );
    expect((await scene(powerCycle, { ssh: null }).strike()).evidence).toMatch(/off/u);
    expect((await scene(sysrq("b"), { bmc: null }).strike()).evidence).toMatch(/3 tries/u);
  });

  it("rejects with the reason when it is interrupted", async () => {
    const { run, clock } = scene(powerOff);
    const controller = new AbortController();
    const reason = new Error("Ctrl-C");
    clock.queue.after(seconds(1), () => controller.abort(reason));
    const confirm = run(
      async (fault) => await fault.confirm(target, exactly(clock.now()), controller.signal),
    );
    await expect(confirm).rejects.toBe(reason);
  });
});

describe("heal", () => {
  for (const spec of everyFault) {
    it(`brings the node back after ${JSON.stringify(spec)}, and may be repeated`, async () => {
      const { strike, run, node, never } = scene(spec);
      await strike();
      await run(async (fault) => await fault.heal("pve2", never));
      expect(node).toMatchObject({ powered: true, system: "up" });
      const controls = [...node.controls];
      await run(async (fault) => await fault.heal("pve2", never));
      expect(node.controls).toEqual(controls);
    });
  }

  it("never cuts a node off that is on and answering", async () => {
    for (const spec of everyFault) {
      const { run, node, never } = scene(spec);
      await run(async (fault) => await fault.heal("pve2", never));
      expect(node.controls).toEqual([]);
    }
  });

  it("catches a node that goes off only after it was looked at", async () => {
    const { run, node, clock, never } = scene(powerOff);
    clock.queue.after(seconds(8), () => {
      node.powered = false;
    });
    await run(async (fault) => await fault.heal("pve2", never));
    expect(node.powered).toBe(true);
    expect(node.controls).toEqual(["on"]);
  });

  it("leaves a panicked node alone that reboots by itself, and cycles a hung one once", async () => {
    const rebooting = scene(sysrq("c"));
    rebooting.node.system = "booting";
    rebooting.clock.queue.after(seconds(20), () => {
      rebooting.node.system = "up";
    });
    await rebooting.run(async (fault) => await fault.heal("pve2", rebooting.never));
    expect(rebooting.node.controls).toEqual([]);
    const hung = scene(sysrq("c"));
    hung.node.system = "dead";
    await hung.run(async (fault) => await fault.heal("pve2", hung.never));
    hung.node.system = "dead";
    await expect(
      hung.run(async (fault) => await fault.heal("pve2", hung.clock.timeout(seconds(600)))),
    ).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/SSH is not up yet/u),
    });
    expect(hung.node.controls).toEqual(["cycle"]);
  });

  it("waits until a node that resets itself has booted, also when its BMC does not answer", async () => {
    const { strike, run, node, clock, never } = scene(sysrq("b"));
    await strike();
    node.bmcError = new OperatingError("timed-out", "no answer");
    expect(node.system).not.toBe("up");
    await run(async (fault) => await fault.heal("pve2", never));
    expect(node).toMatchObject({ system: "up", controls: [] });
    expect(inSeconds(sinceOrigin(clock.now()))).toBeLessThan(100);
  });

  it("asks again when a BMC drops a request or is away for a minute", async () => {
    const { run, node, clock, never } = scene(powerOff);
    node.powered = false;
    node.ignoredOns = 2;
    node.bmcError = new OperatingError("timed-out", "no answer");
    clock.queue.after(seconds(60), () => {
      node.bmcError = null;
    });
    await run(async (fault) => await fault.heal("pve2", never));
    expect(node.controls).toEqual(["on", "on", "on"]);
    expect(node.powered).toBe(true);
  });

  it("says what is left to do when its time ends", async () => {
    const gone = scene(powerOff);
    gone.node.bmcError = new OperatingError("timed-out", "no answer");
    await expect(
      gone.run(async (fault) => await fault.heal("pve2", gone.clock.timeout(seconds(30)))),
    ).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/no answer.*by hand/u),
    });
  });
});
