import { describe, expect, test } from "vitest";
import { Scenario } from "./scenario.ts";

describe("a HA resource", () => {
  test("is taken up in the master's next round and started by its node's LRM", () => {
    const scenario = new Scenario(1, { master: "pve3" });
    scenario.wait(20);
    const added = scenario.now;
    scenario.deploy(100, "pve2");
    scenario.wait(40);
    const [start = NaN] = scenario.guestStarts(100, added);
    expect(start - added).toBeGreaterThan(0);
    expect(start - added).toBeLessThan(16);
    expect(scenario.twin.lrmStatus()["pve2"]?.state).toBe("active");
    expect(scenario.twin.lrmStatus()["pve1"]?.state).toBe("wait_for_agent_lock");
    expect(scenario.twin.managerStatus().services["vm:100"]).toMatchObject({
      state: "started",
      node: "pve2",
      running: true,
    });
  });

  test("is reported running only in the master's round after its start", () => {
    const scenario = new Scenario(2, { master: "pve3" });
    scenario.deploy(100, "pve2");
    scenario.queue.runUntil(() => scenario.guestPhase(100) === "booting");
    expect(scenario.twin.managerStatus().services["vm:100"]?.running).toBe(false);
    const since = scenario.now;
    scenario.queue.runUntil(
      () => scenario.twin.managerStatus().services["vm:100"]?.running === true,
    );
    expect(scenario.now - since).toBeLessThan(21);
  });

  test("asked to stop is stopped by its LRM, and started again when asked", () => {
    const scenario = new Scenario(3, { master: "pve3" });
    scenario.deploy(100, "pve2");
    scenario.wait(60);
    const task = scenario.twin.stopVm(100, "lab@pve!tool");
    expect(task.upid).toMatch(
      /^UPID:pve2:[0-9A-F]{8}:[0-9A-F]{8}:[0-9A-F]{8}:hastop:100:lab@pve!tool:$/,
    );
    scenario.wait(40);
    expect(scenario.guestPhase(100)).toBe("off");
    expect(scenario.twin.managerStatus().services["vm:100"]?.state).toBe("stopped");
    scenario.twin.startVm(100, "lab@pve!tool");
    scenario.wait(60);
    expect(scenario.guestPhase(100)).toBe("up");
  });

  test("that is removed leaves its VM running", () => {
    const scenario = new Scenario(4, { master: "pve3" });
    scenario.deploy(100, "pve2");
    scenario.wait(60);
    scenario.twin.removeHaResource("vm:100");
    scenario.wait(60);
    expect(scenario.guestPhase(100)).toBe("up");
    expect(scenario.twin.managerStatus().services).toEqual({});
  });

  test("leaves its node's LRM idle after 60 empty rounds, and the CRM after 90; both wake up for the next", () => {
    const scenario = new Scenario(5, { master: "pve3" });
    scenario.deploy(100, "pve2");
    scenario.wait(60);
    scenario.twin.removeHaResource("vm:100");
    scenario.wait(590);
    expect(scenario.twin.lrmStatus()["pve2"]?.state).toBe("active");
    scenario.wait(50);
    expect(scenario.twin.lrmStatus()["pve2"]?.state).toBe("wait_for_agent_lock");
    scenario.wait(400);
    const { wallSeconds } = scenario.twin.managerStatus();
    scenario.wait(100);
    expect(scenario.twin.managerStatus().wallSeconds).toBe(wallSeconds);
    scenario.twin.addHaResource({
      sid: "vm:100",
      state: "started",
      failback: 0,
      maxRestart: null,
      maxRelocate: null,
      comment: null,
    });
    scenario.wait(30);
    expect(scenario.twin.managerStatus().services["vm:100"]?.running).toBe(true);
  });

  test("on a lost node is recovered together with the others there, spread over the rest", () => {
    const scenario = new Scenario(6, { master: "pve3" });
    scenario.deploy(100, "pve2");
    scenario.deploy(101, "pve2");
    scenario.wait(60);
    const kill = scenario.now;
    scenario.twin.powerOff("pve2");
    scenario.wait(200);
    expect(new Set([scenario.nodeOf(100), scenario.nodeOf(101)])).toEqual(
      new Set(["pve1", "pve3"]),
    );
    expect(new Set(scenario.times("service-moved", kill)).size).toBe(1);
    expect([scenario.guestPhase(100), scenario.guestPhase(101)]).toEqual(["up", "up"]);
  });

  test("looks fine on a dead master until the next one takes over", () => {
    const scenario = new Scenario(7, { master: "pve2" });
    scenario.deploy(100, "pve2");
    scenario.wait(60);
    scenario.twin.powerOff("pve2");
    scenario.wait(100);
    expect(scenario.twin.managerStatus()).toMatchObject({
      master: "pve2",
      nodes: { pve2: "online" },
    });
    expect(scenario.twin.clusterStatus("pve1").online.has("pve2")).toBe(false);
    scenario.wait(25);
    expect(scenario.twin.managerStatus().nodes["pve2"]).toBe("unknown");
  });
});

const refused = (operation: () => unknown): string => {
  try {
    operation();
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "not refused";
};

describe("the API's operations", () => {
  test("refuse in PVE's own words", () => {
    const { twin } = new Scenario(1);
    twin.createVm("pve1", { vmid: 100, config: {}, template: false });
    const resource = {
      sid: "vm:100",
      state: "started",
      failback: 0,
      maxRestart: 1,
      maxRelocate: 1,
      comment: null,
    } as const;
    twin.addHaResource(resource);
    expect(refused(() => twin.addHaResource(resource))).toBe(
      "create resource failed: resource ID 'vm:100' already defined",
    );
    expect(refused(() => twin.destroyVm(100, { purge: false }, "root@pam"))).toBe(
      "unable to remove VM 100 - used in HA resources and purge parameter not set.",
    );
    expect(refused(() => twin.updateHaResource("vm:999", { comment: "x" }))).toContain(
      "no such resource 'vm:999'",
    );
    expect(
      refused(() => twin.cloneVm("pve2", 100, { vmid: 101, name: "x", node: "pve2" }, "root@pam")),
    ).toBe("Configuration file 'nodes/pve2/qemu-server/100.conf' does not exist");
  });

  test("take no wish for a service that HA has given up on but to disable it, which mends it", () => {
    const scenario = new Scenario(1);
    const { twin } = scenario;
    scenario.deploy(100, "pve1");
    twin.configureVm(100, { lock: "backup" });
    scenario.wait(120);
    const stateOf = () => twin.managerStatus().services["vm:100"]?.state;
    expect(stateOf()).toBe("error");
    const words = "service 'vm:100' in error state, must be disabled and fixed first";
    expect(refused(() => twin.updateHaResource("vm:100", { state: "started" }))).toBe(words);
    expect(refused(() => twin.updateHaResource("vm:100", { comment: "x" }))).toBe(words);
    expect(refused(() => twin.moveService("migrate", "vm:100", "pve2"))).toBe(words);
    twin.configureVm(100, { lock: "" });
    twin.updateHaResource("vm:100", { state: "disabled" });
    scenario.wait(30);
    expect(stateOf()).toBe("stopped");
    twin.updateHaResource("vm:100", { state: "started" });
    scenario.wait(60);
    expect([stateOf(), scenario.guestPhase(100)]).toEqual(["started", "up"]);
  });

  test("refuse to destroy a running VM, and destroy a stopped one with its HA resource", () => {
    const scenario = new Scenario(1);
    const { twin } = scenario;
    twin.createVm("pve1", { vmid: 101, config: {}, template: false });
    twin.startVm(101, "root@pam");
    scenario.wait(30);
    expect(scenario.guestPhase(101)).toBe("up");
    expect(refused(() => twin.destroyVm(101, { purge: true }, "root@pam"))).toBe(
      "VM 101 is running - destroy failed",
    );
    twin.stopVm(101, "root@pam");
    scenario.wait(5);
    twin.destroyVm(101, { purge: true }, "root@pam");
    scenario.wait(5);
    expect(scenario.guestPhase(101)).toBe("none");
    expect(twin.tasks().map((task) => [task.type, task.exitStatus])).toEqual([
      ["qmcreate", "OK"],
      ["qmstart", "OK"],
      ["qmstop", "OK"],
      ["qmdestroy", "OK"],
    ]);
  });

  test("clone a template: locked on its node until the task ends, then on the target", () => {
    const scenario = new Scenario(1);
    const { twin } = scenario;
    twin.cloneVm("pve1", 9000, { vmid: 102, name: "desktop", node: "pve3" }, "lab@pve!tool");
    expect(twin.vms().find((vm) => vm.vmid === 102)).toMatchObject({
      node: "pve1",
      config: { lock: "clone" },
    });
    twin.startVm(102, "root@pam");
    scenario.wait(5);
    expect(twin.vms().find((vm) => vm.vmid === 102)).toMatchObject({
      node: "pve3",
      config: { name: "desktop" },
    });
    expect(twin.vms().find((vm) => vm.vmid === 102)?.config).not.toHaveProperty("lock");
    expect(twin.tasks().map((task) => task.exitStatus)).toEqual(["OK", "VM is locked (clone)"]);
  });

  test("never end a task of a node that died", () => {
    const scenario = new Scenario(1);
    scenario.twin.cloneVm(
      "pve1",
      9000,
      { vmid: 102, name: "desktop", node: "pve1" },
      "lab@pve!tool",
    );
    scenario.wait(1);
    scenario.twin.reset("pve1");
    scenario.wait(300);
    expect(scenario.twin.tasks()).toMatchObject([
      { type: "qmclone", exitStatus: null, endWallSeconds: null },
    ]);
  });
});
