import { describe, expect, it } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { inSeconds, minutes, seconds, sinceOrigin } from "../../../src/base/time.ts";
import type { ShutdownFault } from "../../../src/model/fault-spec.ts";
import { full, scene } from "../a-scene.ts";

const base = { kind: "shutdown", policy: null } as const;
const poweroff: ShutdownFault = { ...base, action: "poweroff", over: "ssh" };
const reboot: ShutdownFault = { ...base, action: "reboot", over: "ssh" };
const button: ShutdownFault = { ...base, action: "poweroff", over: "redfish" };

describe("a shutdown", () => {
  it("says how it is done and taken back", () => {
    expect([poweroff, reboot, button].map((spec) => scene(spec).fault.title)).toEqual([
      "poweroff over SSH",
      "reboot over SSH",
      "power button over Redfish",
    ]);
    expect(scene(poweroff).fault.cure).toMatch(/BMC switches/u);
    expect(scene(reboot).fault.cure).toMatch(/by itself/u);
  });

  it("needs a BMC to come back from a poweroff, and none to come back from a reboot", async () => {
    for (const spec of [poweroff, reboot, button]) expect(await scene(spec).guards()).toEqual([]);
    expect(await scene(poweroff, { bmc: null }).guards()).toEqual(["cure-possible"]);
    expect(await scene(button, { bmc: null }).guards()).toEqual(["bmc-reachable"]);
    expect(await scene(reboot, { bmc: null }).guards()).toEqual([]);
    expect(await scene(reboot, { ssh: null }).guards()).toEqual(["ssh-reachable"]);
  });

  it("is sent detached", async () => {
    const { strike, node } = scene(reboot);
    await strike();
    expect(node.commands[0]).toBe(
      "setsid sh -c 'sleep 0.05; systemctl reboot' >/dev/null 2>&1 </dev/null &",
    );
  });

  it("is proven when systemd says stopping, and the span holds the true instant", async () => {
    for (const [spec, truth] of [
      [poweroff, 0.15],
      [reboot, 0.15],
      [button, 0.31],
    ] as const) {
      const { strike } = scene(spec);
      const { gone, evidence } = await strike();
      expect(evidence).toBe("its systemd says stopping");
      expect(inSeconds(sinceOrigin(gone.earliest))).toBeLessThanOrEqual(truth);
      expect(inSeconds(sinceOrigin(gone.latest))).toBeGreaterThanOrEqual(truth);
      expect(inSeconds(sinceOrigin(gone.latest))).toBeLessThan(truth + 0.4);
    }
  });

  it("is proven by silence where nobody can log in any more, and by the BMC where there is no SSH", async () => {
    const shut = scene(poweroff);
    shut.clock.queue.after(seconds(0.12), () => {
      shut.node.sshError = new OperatingError("denied", "no key");
    });
    expect((await shut.strike()).evidence).toMatch(/3 tries/u);
    const blind = scene(button, { ssh: null });
    expect((await blind.strike()).evidence).toBe("the BMC says that power is off");
  });

  it("is not proven while systemd says running", async () => {
    const { strike, node } = scene(poweroff);
    node.os.onPower = () => undefined;
    await expect(strike()).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/did not begin to poweroff/u),
    });
  });
});

describe("healing a shutdown", () => {
  it("waits until the machine is really off, however long its guests take, and switches it on", async () => {
    for (const spec of [poweroff, button]) {
      const { strike, heal, node, clock } = scene(spec);
      node.ending = minutes(4);
      await strike();
      await heal();
      expect(node).toMatchObject({ powered: true, system: "up" });
      expect(node.controls.filter((action) => action !== "soft")).toEqual(["on"]);
      expect(inSeconds(sinceOrigin(clock.now()))).toBeGreaterThan(240 + 90);
    }
  });

  it("does not take a machine that greets while it ends for a healthy one", async () => {
    const { strike, heal, node, clock } = scene(poweroff);
    node.ending = minutes(2);
    await strike();
    clock.queue.after(seconds(4), () => {
      node.system = "up";
    });
    await heal();
    expect(node).toMatchObject({ powered: true, system: "up", controls: ["on"] });
  });

  it("power-cycles a machine that hangs while it ends and says nothing any more", async () => {
    const { strike, heal, node } = scene(poweroff);
    node.stuckOn = true;
    await strike();
    await heal();
    expect(node).toMatchObject({ powered: true, system: "up", controls: ["cycle"] });
  });

  it("waits for a reboot that is under way, and needs no BMC for it", async () => {
    const { strike, heal, node, elapsed } = scene(reboot, { bmc: null });
    await strike();
    await heal();
    expect(node).toMatchObject({ system: "up", controls: [] });
    expect(elapsed()).toBeGreaterThan(30 + 5 + 90);
  });

  it("never presses anything at a slow server that reboots", async () => {
    const { strike, heal, node, clock } = scene(reboot);
    await strike();
    clock.queue.after(seconds(40), () => {
      node.system = "dead";
    });
    clock.queue.after(minutes(12), () => {
      node.system = "up";
    });
    node.ending = seconds(30);
    await heal();
    expect(node.controls).toEqual([]);
  });

  it("leaves a healthy node alone, without SSH too", async () => {
    for (const ssh of [full.ssh, null]) {
      const { heal, node } = scene(button, { ssh });
      await heal();
      expect(node).toMatchObject({ system: "up", controls: [] });
    }
  });
});
