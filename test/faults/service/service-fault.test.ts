import { describe, expect, it } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { exactly } from "../../../src/base/interval.ts";
import { inSeconds, minutes, seconds, sinceOrigin } from "../../../src/base/time.ts";
import type { Freeze, ServiceFault } from "../../../src/model/fault-spec.ts";
import { aKubernetesCluster } from "../a-cluster.ts";
import { scene, target } from "../a-scene.ts";

const service = (name: ServiceFault["service"], action: "stop" | "kill"): ServiceFault => ({
  kind: "service",
  service: name,
  action,
  over: "ssh",
});
const freeze: Freeze = { kind: "freeze", over: "ssh" };
const kubernetes = () => aKubernetesCluster([]);

describe("a service that is struck", () => {
  it.each([
    [service("kubelet", "stop"), "systemctl stop kubelet"],
    [service("containerd", "kill"), "systemctl kill --kill-who=main --signal=KILL containerd"],
    [freeze, "systemctl kill --kill-who=all --signal=STOP corosync pve-ha-lrm pve-ha-crm"],
  ])("is sent the right command: %j", async (spec, command) => {
    const { strike, node } = scene(spec);
    await strike();
    expect(node.commands).toContain(command);
    expect(node.commands.join(" ")).not.toMatch(/pve-cluster/u);
  });

  it("freezes kubelet and containerd on Kubernetes", async () => {
    const { strike, node, fault } = scene(freeze, {}, kubernetes());
    await strike();
    expect(fault.title).toBe("freeze of kubelet, containerd over SSH");
    expect(node.commands).toContain(
      "systemctl kill --kill-who=all --signal=STOP kubelet containerd",
    );
  });

  it("is proven by its state, by a new main process, or by stopped processes", async () => {
    expect((await scene(service("corosync", "stop")).strike()).evidence).toBe(
      "corosync is inactive",
    );
    expect((await scene(service("kubelet", "kill")).strike()).evidence).toBe(
      "kubelet is activating",
    );
    const quick = scene(service("containerd", "kill"));
    quick.node.slowness = (command) => seconds(command.includes("KILL") ? 6 : 0);
    expect((await quick.strike()).evidence).toMatch(
      /containerd has a new main process, \d+ instead of \d+/u,
    );
    expect((await scene(freeze).strike()).evidence).toMatch(/101, 102, 103 are stopped/u);
  });

  it("is proven by the machine's silence where that is all there is", async () => {
    const { strike, node, clock } = scene(service("pve-ha-lrm", "kill"));
    node.heard = (command) => command.replace("KILL", "NONE");
    clock.queue.after(seconds(10), () => node.reset());
    expect((await strike()).evidence).toMatch(/3 tries/u);
  });

  it("is bounded by the last look that showed it as before", async () => {
    for (const spec of [service("corosync", "stop"), freeze]) {
      const { strike, node, clock } = scene(spec);
      let truth = 0;
      node.heard = (command) => {
        if (!/stop corosync|STOP/u.test(command)) return command;
        clock.queue.after(seconds(5), () => {
          truth = inSeconds(sinceOrigin(clock.now()));
          node.os.run(command);
        });
        return "systemctl start corosync";
      };
      const { gone } = await strike();
      expect(inSeconds(sinceOrigin(gone.earliest))).toBeLessThanOrEqual(truth);
      expect(inSeconds(sinceOrigin(gone.earliest))).toBeGreaterThan(truth - 1);
      expect(inSeconds(sinceOrigin(gone.latest))).toBeGreaterThanOrEqual(truth);
      expect(inSeconds(sinceOrigin(gone.latest))).toBeLessThan(truth + 1);
    }
  });

  it("is not proven while it goes on, and not struck where it does not run", async () => {
    const deaf = scene(service("corosync", "kill"));
    deaf.node.heard = (command) => command.replace("KILL", "NONE");
    await expect(deaf.strike(20)).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/went on as before/u),
    });
    const gone = scene(service("corosync", "stop"));
    gone.node.os.run("systemctl stop corosync");
    expect(await gone.guards()).toEqual(["service-active"]);
    await expect(gone.strike()).rejects.toMatchObject({ code: "not-reached" });
    expect(gone.node.commands.some((command) => command.startsWith("systemctl stop"))).toBe(false);
  });

  it("does not take a confirm of nothing for a proof", async () => {
    const { run, clock } = scene(freeze);
    const confirm = run(
      async (fault) => await fault.confirm(target, exactly(clock.now()), clock.timeout(seconds(5))),
    );
    await expect(confirm).rejects.toMatchObject({ code: "not-reached" });
  });

  it("needs a root login and nothing else", async () => {
    for (const spec of [service("kubelet", "kill"), freeze]) {
      expect(await scene(spec, { bmc: null }).guards()).toEqual([]);
      expect(await scene(spec, { ssh: null }).guards()).toEqual(["ssh-reachable"]);
    }
  });
});

describe("healing services", () => {
  it("lets frozen ones go on, and sees that they do", async () => {
    const { strike, heal, node } = scene(freeze);
    await strike();
    await heal();
    expect([...node.os.units.values()].some(({ frozen }) => frozen)).toBe(false);
  });

  it("starts what was stopped, and says so where it stays inactive", async () => {
    const { strike, heal, node } = scene(service("kubelet", "stop"), {}, kubernetes());
    await strike();
    node.heard = (command) =>
      command.replace("systemctl start kubelet", "systemctl start corosync");
    await expect(heal(120)).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/kubelet.*inactive.*systemctl start kubelet/u),
    });
    node.heard = (command) => command;
    await heal();
    expect(node.os.units.get("kubelet")?.word).toBe("active");
  });

  it("does not trust services that run again on a node that its watchdog is about to reset", async () => {
    const { strike, heal, node, clock, elapsed } = scene(service("pve-ha-lrm", "kill"));
    await strike();
    clock.queue.after(seconds(9), () => node.reset());
    await heal();
    expect(node).toMatchObject({ system: "up", controls: [] });
    expect(elapsed()).toBeGreaterThan(9 + 5 + 90 + 20);
  });

  it("waits for a node that its watchdog has reset, in a fresh process too", async () => {
    const { strike, heal, fresh, node } = scene(freeze);
    await strike();
    node.reset();
    await heal(3600, fresh());
    expect(node.system).toBe("up");
  });

  it("goes on trying while SSH is away, and ends with what is left to do", async () => {
    const { heal, node, clock } = scene(freeze);
    node.sshError = new OperatingError("unreachable", "no route");
    clock.queue.after(minutes(3), () => {
      node.sshError = null;
    });
    await heal();
    node.system = "dead";
    await expect(heal(180)).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/by hand/u),
    });
  });
});
