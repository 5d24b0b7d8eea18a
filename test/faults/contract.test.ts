import { describe, expect, it } from "vitest";
import { exactly } from "../../src/base/interval.ts";
import { minutes, seconds } from "../../src/base/time.ts";
import type { FaultSpec } from "../../src/model/fault-spec.ts";
import type { Cluster, NodeAccess } from "../../src/model/inventory.ts";
import { aCluster, aKubernetesCluster } from "./a-cluster.ts";
import { scene, target } from "./a-scene.ts";

interface Case {
  readonly spec: FaultSpec;
  readonly of: Cluster;
  /** Without these ways in it has to be refused. */
  readonly needs: readonly Partial<NodeAccess>[];
}

const proxmox = aCluster([]);
const kubernetes = aKubernetesCluster([]);
const ssh = { ssh: null };
const bmc = { bmc: null };
const shutdown = { kind: "shutdown", policy: null } as const;
const over = { over: "ssh" } as const;
const cut = { kind: "network-cut", for_ms: 180_000, ...over } as const;
const pdu = { kind: "command", program: "/pdu", arguments: [], limit_ms: 30_000 } as const;

/** Every fault that is done to the node itself. */
const cases: readonly Case[] = [
  { spec: { kind: "power", action: "off", over: "ipmi" }, of: proxmox, needs: [bmc] },
  { spec: { kind: "power", action: "off", over: "redfish" }, of: kubernetes, needs: [bmc] },
  { spec: { kind: "power", action: "cycle", over: "redfish" }, of: proxmox, needs: [bmc] },
  { spec: { kind: "sysrq", key: "o", ...over }, of: proxmox, needs: [ssh, bmc] },
  { spec: { kind: "sysrq", key: "b", ...over }, of: proxmox, needs: [ssh] },
  { spec: { kind: "sysrq", key: "c", ...over }, of: kubernetes, needs: [ssh, bmc] },
  { spec: { kind: "forced-poweroff", ...over }, of: proxmox, needs: [ssh, bmc] },
  { spec: { ...shutdown, action: "poweroff", over: "ssh" }, of: proxmox, needs: [ssh, bmc] },
  { spec: { ...shutdown, action: "reboot", over: "ssh" }, of: kubernetes, needs: [ssh] },
  { spec: { ...shutdown, action: "poweroff", over: "ipmi" }, of: proxmox, needs: [bmc] },
  { spec: { ...shutdown, action: "poweroff", over: "redfish" }, of: proxmox, needs: [bmc] },
  { spec: { ...cut, cut: "all" }, of: proxmox, needs: [ssh] },
  { spec: { ...cut, cut: "eno2" }, of: kubernetes, needs: [ssh] },
  { spec: { ...cut, cut: "10.10.0.0/24" }, of: proxmox, needs: [ssh] },
  {
    spec: { kind: "service", service: "kubelet", action: "stop", ...over },
    of: kubernetes,
    needs: [ssh],
  },
  {
    spec: { kind: "service", service: "containerd", action: "kill", ...over },
    of: kubernetes,
    needs: [ssh],
  },
  {
    spec: { kind: "service", service: "corosync", action: "kill", ...over },
    of: proxmox,
    needs: [ssh],
  },
  {
    spec: { kind: "service", service: "pve-ha-lrm", action: "stop", ...over },
    of: proxmox,
    needs: [ssh],
  },
  { spec: { kind: "freeze", ...over }, of: proxmox, needs: [ssh] },
  { spec: { kind: "freeze", ...over }, of: kubernetes, needs: [ssh] },
  { spec: { ...pdu, leaves: "off" }, of: proxmox, needs: [] },
  { spec: { ...pdu, leaves: "hung" }, of: kubernetes, needs: [ssh] },
  { spec: { ...pdu, leaves: "rebooting" }, of: proxmox, needs: [ssh] },
];

const machineKinds = new Set<FaultSpec["kind"]>(["power", "sysrq", "forced-poweroff"]);

/** The node is as it was: it runs, everything on it does, and nothing is left there. */
function expectHealthy({ node }: Pick<ReturnType<typeof scene>, "node">): void {
  expect(node).toMatchObject({ powered: true, system: "up" });
  expect(node.os).toMatchObject({ stopping: false, timers: 0, down: new Set() });
  for (const unit of node.os.units.values()) {
    expect(unit).toMatchObject({ word: "active", frozen: false });
  }
}

describe.each(cases)("$spec.kind $spec", ({ spec, of, needs }) => {
  const start = (access: Partial<NodeAccess> = {}) => scene(spec, access, of);

  it("says what it is and how it is taken back, and waits for the outage", () => {
    const { fault } = start();
    expect(fault.spec).toBe(spec);
    expect(fault.title).not.toBe("");
    expect(fault.cure).not.toBe("");
    expect(fault.strikesWithin).toBeGreaterThanOrEqual(minutes(1));
  });

  it("is content with a node that has every way in, and touches nothing to find out", async () => {
    const all = start();
    expect(await all.guards()).toEqual([]);
    expectHealthy(all);
    expect(all.node.controls).toEqual([]);
    expect(all.node.os.acts).toEqual([]);
  });

  it("is refused without its ways in, and on a node that the inventory does not list", async () => {
    for (const missing of needs) expect(await start(missing).guards()).not.toEqual([]);
    const { run, never } = start();
    expect(await run(async (fault) => await fault.check("pve9", never))).toMatchObject([
      { guard: "cure-possible" },
    ]);
  });

  it("is proven by an honest span, healed, and healed again without harm", async () => {
    const all = start();
    const before = all.clock.now();
    const { gone, evidence } = await all.strike(600);
    expect(evidence).not.toBe("");
    expect(gone.earliest).toBeGreaterThanOrEqual(before);
    expect(gone.latest).toBeGreaterThanOrEqual(gone.earliest);
    expect(gone.latest).toBeLessThanOrEqual(all.clock.now());
    await all.heal();
    expectHealthy(all);
    const controls = [...all.node.controls];
    await all.heal();
    expectHealthy(all);
    expect(all.node.controls).toEqual(controls);
    expect(await all.guards()).toEqual([]);
  });

  it("is healed by a process that remembers nothing", async () => {
    const all = start();
    await all.strike(600);
    await all.heal(3600, all.fresh());
    expectHealthy(all);
  });

  it("is healed right after it was requested, before it has struck", async () => {
    const all = start();
    await all.run(async (fault) => await fault.inject(target, all.never));
    await all.heal(3600, all.fresh());
    expectHealthy(all);
    // A machine that is to reset at once may do so behind the back of its cure: it comes back by itself.
    if (machineKinds.has(spec.kind)) return;
    await all.run(async () => await all.node.pause(minutes(3)));
    expectHealthy(all);
  });

  it("harms nobody when a node is healed to which nothing was done", async () => {
    const all = start();
    await all.heal();
    expectHealthy(all);
    expect(all.node.controls).toEqual([]);
  });

  it("obeys its signal in every act, with the signal's reason", async () => {
    const reason = new Error("Ctrl-C");
    const deaf: string[] = [];
    for (const act of ["check", "inject", "confirm", "heal"] as const) {
      const all = start();
      all.node.system = "dead";
      all.node.os.stopping = true;
      all.node.program.silent = true;
      const controller = new AbortController();
      all.clock.queue.after(seconds(0.3), () => controller.abort(reason));
      const { signal } = controller;
      const running = all.run(async (fault): Promise<unknown> => {
        if (act === "check") return await fault.check("pve2", signal);
        if (act === "inject") return await fault.inject(target, signal);
        if (act === "heal") return await fault.heal("pve2", signal);
        return await fault.confirm(target, exactly(all.clock.now()), signal);
      });
      const outcome: unknown = await running.catch((error: unknown) => error);
      // What goes through a BMC that answers is over before.
      if (outcome !== reason && all.elapsed() >= 0.3) deaf.push(act);
    }
    expect(deaf).toEqual([]);
  });
});
