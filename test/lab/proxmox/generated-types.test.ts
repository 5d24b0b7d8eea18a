import type { Proxmox } from "proxmox-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serveProxmox } from "../../../src/lab/proxmox/serve-proxmox.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { FakeTwin } from "./support/fake-twin.ts";
import { LabBench } from "./support/lab-bench.ts";
import { shapeOf } from "./support/shape.ts";

/**
 * What the lab answers, as literals that the compiler holds against proxmox-api's generated types, and that the test
 * holds against the lab. The generated types call 0 and 1 boolean where the wire has numbers; such keys are left out.
 */
const vm = {
  id: "qemu/100",
  type: "qemu",
  node: "pv8",
  status: "running",
  hastate: "started",
  name: "lab100",
  vmid: 100,
  cpu: 0.01,
  maxcpu: 1,
  mem: 0,
  maxmem: 67_108_864,
  disk: 0,
  maxdisk: 0,
  uptime: 80,
} satisfies Proxmox.clusterResourcesResources;

const service = {
  id: "service:vm:100",
  type: "service",
  node: "pv8",
  sid: "vm:100",
  state: "started",
  crm_state: "started",
  request_state: "started",
  max_restart: 1,
  max_relocate: 1,
  status: "vm:100 (pv8, started)",
} satisfies Proxmox.clusterHaStatusCurrentStatus;

const lrm = {
  id: "lrm:pv7",
  type: "lrm",
  node: "pv7",
  timestamp: 1_795_319_420,
  status: "pv7 (idle, watchdog standby, Sun Nov 22 03:50:20 2026)",
} satisfies Proxmox.clusterHaStatusCurrentStatus;

const bench = new LabBench();

beforeAll(async () => {
  await bench.start(
    async (context) =>
      await serveProxmox(
        {
          name: "labc",
          bmc: "ipmi",
          safety: defaultSafety,
          twin: new FakeTwin(context.twinTime.queue, () => context.twinTime.wallSeconds()),
        },
        context,
      ),
  );
});
afterAll(async () => {
  await bench.stop();
});

it("answers with keys and types that the types generated from PVE's schema know", async () => {
  const resources = await bench.ask("pv7", "GET", "/api2/json/cluster/resources");
  const current = await bench.ask("pv7", "GET", "/api2/json/cluster/ha/status/current");
  const items = [...Object(resources.body).data, ...Object(current.body).data];
  for (const sample of [vm, service, lrm]) {
    const item: object = items.find((each) => each.id === sample.id) ?? {};
    expect(shapeOf(item)).toMatchObject(Object(shapeOf(sample)));
  }
});
