import { describe, expect, it } from "vitest";
import { after, seconds } from "../../../src/base/time.ts";
import type { LabMachine } from "../../../src/lab/machine.ts";
import { createMachines } from "../../../src/lab/proxmox/machines.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { EventQueue } from "../../../src/twin/event-queue.ts";
import { createProxmoxTwin } from "../../../src/twin/proxmox/create-proxmox-twin.ts";
import type { ProxmoxTwin } from "../../../src/twin/proxmox/proxmox-twin.ts";

interface Bench {
  readonly twin: ProxmoxTwin;
  readonly machine: LabMachine;
  readonly wait: (duration: number) => void;
}

/** Node pve2 of a cluster on the virtual clock. */
function bench(): Bench {
  const queue = new EventQueue();
  const twin = createProxmoxTwin({
    clusterName: "pve",
    settings: defaultProxmoxSettings,
    scheduler: queue,
    random: new SeededRandom(3),
    wallOrigin: 1_800_000_000,
    master: "pve3",
  });
  const nodes = new Map(
    twin.nodes.map(({ name, id }) => [
      name,
      { name, id, address: `127.0.7.${id}`, fingerprint: "AA" },
    ]),
  );
  const twinTime = { queue, catchUp: () => undefined, wallSeconds: () => 1_800_000_000 };
  const machine = createMachines({ twin, twinTime, nodes }).machines.get("pve2");
  if (machine === undefined) throw new Error("no machine");
  const wait = (duration: number): void => {
    queue.advanceTo(after(queue.now(), seconds(duration)));
  };
  return { twin, machine, wait };
}

describe("a machine of the Proxmox VE lab", () => {
  it("has PVE's units, which are stopped, killed, frozen and started", () => {
    const { machine, wait } = bench();
    const all = ["corosync", "pve-cluster", "pve-ha-lrm", "pve-ha-crm", "pveproxy", "ssh"];
    const running = all.filter((name) => {
      const unit = machine.unit(name);
      return unit?.active === "active" && !unit.frozen && unit.mainPid > 0;
    });
    expect(running).toEqual(all);
    expect(machine.unit("kubelet")).toBeNull();
    machine.actOnUnit("corosync", "stop");
    expect(machine.unit("corosync")).toEqual({ active: "inactive", mainPid: 0, frozen: false });
    machine.actOnUnit("corosync", "start");
    expect(machine.unit("corosync")?.active).toBe("active");
    machine.actOnUnit("pve-ha-crm", "kill");
    expect(machine.unit("pve-ha-crm")?.active).toBe("failed");
    machine.actOnUnit("pve-ha-lrm", "freeze");
    expect(machine.unit("pve-ha-lrm")).toMatchObject({ active: "active", frozen: true });
    machine.actOnUnit("pve-ha-lrm", "thaw");
    machine.actOnUnit("pve-ha-lrm", "stop");
    wait(6);
    expect(machine.unit("pve-ha-lrm")?.active).toBe("inactive");
    machine.powerOff();
    expect(machine.unit("pve-ha-lrm")).toBeNull();
  });

  it("has two links, and the way out on the public one", () => {
    const { machine, twin, wait } = bench();
    expect(machine.links()).toEqual([
      { name: "eth0", address: "127.0.7.2/24", up: true, gateway: "127.0.7.254" },
      { name: "eth1", address: "10.99.0.2/24", up: true, gateway: null },
    ]);
    machine.setLink("eth1", false);
    wait(10);
    expect(machine.links().map(({ up }) => up)).toEqual([true, false]);
    expect(twin.clusterStatus("pve2").quorate).toBe(false);
    expect(machine.isUp()).toBe(true);
    machine.reset();
    wait(60);
    expect(machine.links().map(({ up }) => up)).toEqual([true, true]);
  });

  it("shuts down and reboots in good order", () => {
    const { machine, wait } = bench();
    const boot = machine.bootId();
    machine.shutDown("reboot");
    expect(machine.isShuttingDown()).toBe(true);
    expect(machine.isUp()).toBe(true);
    wait(15);
    expect([machine.isUp(), machine.isPowered()]).toEqual([false, true]);
    expect(machine.bootId()).not.toBe(boot);
    wait(60);
    machine.shutDown("poweroff");
    wait(15);
    expect([machine.isPowered(), machine.isShuttingDown()]).toEqual([false, false]);
  });

  it("runs ha-manager, which asks for another node's maintenance, and nothing else", () => {
    const { machine, twin, wait } = bench();
    const enable = "ha-manager crm-command node-maintenance enable pve1".split(" ");
    // Without services there is no master at work that would take it up.
    twin.createVm("pve2", { vmid: 100, config: {}, template: false });
    twin.addHaResource({
      sid: "vm:100",
      state: "started",
      failback: null,
      maxRestart: null,
      maxRelocate: null,
      comment: null,
    });
    expect(machine.program(enable)).toEqual({ status: 0, output: "" });
    wait(30);
    expect(twin.managerStatus().nodes["pve1"]).toBe("maintenance");
    expect(machine.program(enable.with(3, "disable"))).toEqual({ status: 0, output: "" });
    wait(30);
    expect(twin.managerStatus().nodes["pve1"]).toBe("online");
    expect(machine.program(enable.with(4, "nosuch"))).toMatchObject({ status: 255 });
    expect(machine.program(["ha-manager", "set", "vm:100"])).toMatchObject({ status: 255 });
    expect(machine.program(["qm", "list"])).toBeNull();
    machine.setLink("eth1", false);
    wait(10);
    expect(machine.program(enable)).toEqual({
      status: 255,
      output: "cluster not ready - no quorum?\n",
    });
  });
});
