import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { startNodeBench } from "./node-bench.ts";
import { eventually } from "./test-lab.ts";

const { assumed } = defaultKubernetesSettings;
let bench: Awaited<ReturnType<typeof startNodeBench>>;
beforeEach(async () => {
  bench = await startNodeBench();
});
afterEach(async () => {
  await bench.close();
});

const shows = async (wanted: string): Promise<void> => {
  await eventually(bench.page, (answer) => answer === wanted);
};

describe("a lab node of Kubernetes", () => {
  test("is silent while its link is down, though it lives, and answers again with the same desktop", async () => {
    const { machine, host, pass } = bench;
    await shows("200");
    expect(machine.links()).toEqual([
      {
        name: "eth0",
        address: `${host.address}/24`,
        up: true,
        gateway: host.address.replace(/\d+$/u, "253"),
      },
    ]);
    machine.setLink("eth0", false);
    expect(host.silent).toBe(true);
    await shows("silence");
    expect(machine).toMatchObject({ name: machine.name });
    expect([machine.isUp(), machine.isPowered()]).toEqual([true, true]);
    expect(machine.links()[0]).toMatchObject({ up: false, gateway: null });
    pass(10);
    machine.setLink("eth0", true);
    await shows("200");
    expect(() => machine.setLink("eth1", false)).toThrow(/no link eth1/u);
  });

  test("stays silent when its link is cut again before it could answer, and wakes with it up after a boot", async () => {
    const { machine, host, pass } = bench;
    await shows("200");
    machine.setLink("eth0", false);
    machine.setLink("eth0", true);
    machine.setLink("eth0", false);
    await shows("silence");
    expect(host.silent).toBe(true);
    const boot = machine.bootId();
    machine.reset();
    pass(assumed.node_boot_ms / 1000 + 10);
    expect(machine.bootId()).not.toBe(boot);
    expect(machine.links()[0]?.up).toBe(true);
    await eventually(
      async () => await Promise.resolve(host.silent),
      (silent) => !silent,
    );
  });

  test("lets the desktop of a stopped kubelet answer, though another has taken its place, until the kubelet is back", async () => {
    const { machine, twin, pod, pass } = bench;
    machine.actOnUnit("kubelet.service", "stop");
    pass(70);
    expect(twin.store.pods.get("desk", pod)?.metadata.deletionTimestamp).toBeDefined();
    await shows("200");
    machine.actOnUnit("kubelet", "start");
    pass(2);
    await shows("ECONNREFUSED");
    expect(twin.store.pods.get("desk", pod)).toBeUndefined();
  });

  test("knows its units as the service manager does", () => {
    const { machine, pass } = bench;
    for (const unit of ["kubelet", "containerd", "ssh"]) {
      expect(machine.unit(unit)).toMatchObject({ active: "active", frozen: false });
    }
    expect(machine.unit("corosync")).toBeNull();
    expect(machine.program(["ha-manager", "status"])).toBeNull();
    const before = machine.unit("kubelet")?.mainPid ?? 0;
    machine.actOnUnit("kubelet", "freeze");
    expect(machine.unit("kubelet")).toEqual({ active: "active", mainPid: before, frozen: true });
    machine.actOnUnit("kubelet", "thaw");
    machine.actOnUnit("kubelet", "kill");
    expect(machine.unit("kubelet")).toEqual({ active: "activating", mainPid: 0, frozen: false });
    pass(9.9);
    expect(machine.unit("kubelet")?.active).toBe("activating");
    pass(0.2);
    expect(machine.unit("kubelet")).toMatchObject({ active: "active", frozen: false });
    expect(machine.unit("kubelet")?.mainPid).not.toBe(before);
    machine.actOnUnit("containerd", "stop");
    pass(100);
    expect(machine.unit("containerd")).toEqual({ active: "inactive", mainPid: 0, frozen: false });
  });

  test("refuses while it shuts down, and is silent when its power is gone", async () => {
    const { machine, host, pass } = bench;
    machine.shutDown("poweroff");
    expect([machine.isShuttingDown(), machine.isUp()]).toEqual([true, true]);
    await shows("ECONNREFUSED");
    pass(assumed.node_shutdown_ms / 1000);
    expect([machine.isShuttingDown(), machine.isUp(), machine.isPowered()]).toEqual([
      false,
      false,
      false,
    ]);
    expect(host.silent).toBe(true);
    await shows("silence");
    machine.actOnUnit("kubelet", "start");
    machine.setLink("eth0", false);
    expect(machine.links()[0]?.up).toBe(true);
  });
});
