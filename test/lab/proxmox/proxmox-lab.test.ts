import { afterAll, beforeAll, expect, it } from "vitest";
import { connect } from "node:net";
import { between, inSeconds, seconds } from "../../../src/base/time.ts";
import { createProxmoxLab } from "../../../src/lab/proxmox/proxmox-lab.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { LabBench } from "./support/lab-bench.ts";

const bench = new LabBench();

beforeAll(async () => {
  await bench.start(
    async (context) =>
      await createProxmoxLab(
        {
          name: "pve",
          bmc: "ipmi",
          safety: defaultSafety,
          settings: defaultProxmoxSettings,
        },
        context,
      ),
  );
});
afterAll(async () => {
  await bench.stop();
});

const api = async (node: string, method: string, path: string, body = "") => {
  const answer = await bench.ask(node, method, `/api2/json${path}`, { body });
  expect([path, answer.status, answer.reason]).toEqual([path, 200, "OK"]);
  return Object(answer.body).data;
};
const pause = async (lab: number) =>
  await bench.clock.sleep(seconds(lab), new AbortController().signal);

async function until(done: () => Promise<boolean>, limit = 300): Promise<void> {
  const start = bench.clock.now();
  while (!(await done())) {
    if (inSeconds(between(start, bench.clock.now())) > limit) throw new Error("not in time");
    await pause(1);
  }
}

/** The name that the manager of the cluster gives to the node of VM 100. */
const hostOf = async (asked: string): Promise<string> => {
  const vms = await api(asked, "GET", "/cluster/resources?type=vm");
  return vms.find((vm: { vmid: number }) => vm.vmid === 100).node;
};

async function knock(host: string): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port: 6080 });
    const settle = (what: string): void => {
      socket.destroy();
      resolve(what);
    };
    socket.once("connect", () => settle("serving"));
    socket.once("error", (error) => settle("code" in error ? String(error.code) : error.message));
    socket.setTimeout(50, () => settle("silence"));
  });
}

it("clones, starts, loses and recovers a highly available desktop, as seen from outside", async () => {
  const nodes = bench.cluster.nodes.map((node) => node.name);
  const { manager_status: before } = await api("pve1", "GET", "/cluster/ha/status/manager_status");
  const victim = nodes.find((name) => name !== before.master_node) ?? "";
  const survivor: string = before.master_node;

  await api("pve1", "POST", "/nodes/pve1/qemu/9000/clone", `newid=100&name=desk&target=${victim}`);
  await pause(6);
  expect(await hostOf("pve1")).toBe(victim);
  await api("pve1", "POST", "/cluster/ha/resources", "sid=vm:100&state=started&failback=0");
  const running = async (): Promise<boolean> => {
    const { manager_status: status } = await api(
      survivor,
      "GET",
      "/cluster/ha/status/manager_status",
    );
    return status.service_status["vm:100"]?.running === 1;
  };
  await until(running);
  await pause(20);
  const found = await api(
    survivor,
    "GET",
    `/nodes/${victim}/qemu/100/agent/network-get-interfaces`,
  );
  const address = found.result[1]["ip-addresses"][0]["ip-address"];
  expect(await knock(address)).toBe("serving");

  await api(survivor, "POST", `/nodes/${victim}/status`, "command=shutdown");
  const asked = bench.clock.now();
  // Two seconds, the LRM's next round, and the guest's own shutdown.
  await until(async () => (await knock(address)) === "silence", 20);
  const dead = inSeconds(between(asked, bench.clock.now()));
  await until(async () => (await hostOf(survivor)) !== victim);
  const moved = inSeconds(between(asked, bench.clock.now()));
  // Its lock was free: at once when it had been away for 60 s, where a kill takes 120.
  expect(moved - dead).toBeGreaterThan(40);
  expect(moved - dead).toBeLessThan(100);
  const seen = new Set<string>();
  await until(async () => {
    const now = await knock(address);
    seen.add(now);
    return now === "serving";
  }, 60);
  expect([...seen]).toContain("ECONNREFUSED");
  const { manager_status: after } = await api(survivor, "GET", "/cluster/ha/status/manager_status");
  expect(after.service_status["vm:100"].node).not.toBe(victim);
  expect(new Set(bench.truth.map((event) => event.kind))).toEqual(
    new Set(["model", "host", "guest"]),
  );
}, 30_000);

it("describes itself as an inventory would, and tells people how to reach it", () => {
  const { cluster } = bench;
  expect(cluster.identity.name).toBe("pve");
  expect(cluster.identity.ca_fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect(cluster.nodes.map(({ bmc }) => (bmc?.kind === "ipmi" ? bmc.port : null))).toEqual([
    6230, 6231, 6232,
  ]);
  for (const node of cluster.nodes) expect(node.ssh?.host_key).toMatch(/^SHA256:/);
  const text = JSON.stringify([bench.running?.howTo, cluster]);
  expect(text).toContain("ipmitool -I lanplus -C 3");
  for (const file of ["api-token", "bmc-password", "api-password"]) {
    expect(text).not.toContain(bench.secret(file));
  }
});
