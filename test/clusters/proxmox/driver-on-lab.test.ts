import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { OperatingError } from "../../../src/base/errors.ts";
import { inSeconds, instantInMs, seconds, sinceOrigin } from "../../../src/base/time.ts";
import { createProxmoxDriver } from "../../../src/clusters/proxmox/create-proxmox-driver.ts";
import type { ClusterDriver, DesktopRequest } from "../../../src/contracts/cluster-driver.ts";
import type { ControlPlaneEvent } from "../../../src/model/cluster-facts.ts";
import type { ProxmoxDesktop } from "../../../src/model/experiment.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { serveProxmox } from "../../../src/lab/proxmox/serve-proxmox.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { createProxmoxTwin } from "../../../src/twin/proxmox/create-proxmox-twin.ts";
import type { ProxmoxTwin } from "../../../src/twin/proxmox/proxmox-twin.ts";
import { LabBench } from "../../lab/proxmox/support/lab-bench.ts";

const SEED = 20261122;
const bench = new LabBench();
let twin: ProxmoxTwin;
let driver: ClusterDriver;
/** Of agent locks, by the twin's own truth. */
const renewals: { readonly node: string | null; readonly wall_s: number }[] = [];

beforeAll(async () => {
  await bench.start(async (context) => {
    const { twinTime } = context;
    twinTime.catchUp();
    const wallOrigin = twinTime.wallSeconds() - twinTime.queue.now() / 1e9;
    twin = createProxmoxTwin({
      clusterName: "labc",
      settings: defaultProxmoxSettings,
      scheduler: twinTime.queue,
      random: new SeededRandom(SEED),
      wallOrigin,
    });
    twin.subscribe((event) => {
      if (event.kind !== "model" || event.what !== "lrm-round" || event.detail !== "active") return;
      renewals.push({ node: event.node, wall_s: wallOrigin + inSeconds(sinceOrigin(event.at)) });
    });
    return await serveProxmox({ name: "labc", bmc: "ipmi", safety: defaultSafety, twin }, context);
  });
  driver = createProxmoxDriver({
    cluster: bench.cluster,
    clock: bench.clock,
    random: new SeededRandom(SEED),
    secrets: {
      resolve: async (reference) =>
        reference.kind === "file" ? readFileSync(reference.path, "utf8").trim() : "",
    },
  });
});
afterAll(async () => {
  await driver.close();
  await bench.stop();
});

const spec: ProxmoxDesktop = {
  kind: "proxmox",
  source: { kind: "clone", template: 9000, pool: null },
  reach: { kind: "guest", address: null, port: 6080, page: "/vnc.html", websocket: "/websockify" },
  vnc_password: null,
};
const request: DesktopRequest = {
  spec,
  placement: { kind: "not-crm-master" },
  run: "r1",
  trial: "pve-1",
  mark: "r1-t1",
};

const events: ControlPlaneEvent[] = [];

const limit = (): AbortSignal => bench.clock.timeout(seconds(400));

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const signal = limit();
  while (!(await holds())) {
    if (signal.aborted) throw new OperatingError("not-reached", what);
    await bench.clock.sleep(seconds(3), signal);
  }
}

function told(kind: string): () => Promise<boolean> {
  return async () => events.some((event) => event.kind === kind);
}

test("deploys, watches a node die, finds the desktop elsewhere, and leaves nothing behind", async () => {
  await until("a healthy cluster", async () => {
    const { problems, nodes } = await driver.health(limit());
    return problems.length === 0 && nodes.some((node) => node.master);
  });
  const desktop = await driver.prepare(request, limit());
  const before = await driver.deploy(desktop, request, limit());
  const victim = present(before.node, "the node of the desktop");
  expect(before.instance).toContain(`${victim}/qemu-`);
  expect(await driver.endpoint(desktop, spec, null, limit())).toMatchObject({
    kind: "novnc",
    page_url: expect.stringMatching(/^http:\/\/127\..*:6080\/vnc\.html$/),
  });

  const watching = new AbortController();
  const watched = driver.observe(
    desktop,
    { victim: () => victim, onEvent: (event) => events.push(event) },
    watching.signal,
  );
  await bench.clock.sleep(seconds(15), limit());
  driver.avoid(victim);
  const timers = await driver.timers(desktop, victim, limit());
  expect(timers).toMatchObject({
    kind: "proxmox",
    victim_is_master: false,
    nodes: 3,
    settings_by: "cluster",
  });
  const [low, high] = (timers.kind === "proxmox" ? timers.lock_age_ms : null) ?? [0, 0];
  const read_s =
    bench.clock.wall().toSeconds() - (instantInMs(bench.clock.now()) - timers.at_ms[0]) / 1000;
  const ages = renewals
    .filter(({ node }) => node === victim)
    .map(({ wall_s }) => (read_s - wall_s) * 1000);
  expect(ages.some((age) => age >= low && age <= high)).toBe(true);
  expect(high - low).toBeLessThan(5000);

  bench.twinTime.catchUp();
  twin.powerOff(victim);
  await until("the desktop running elsewhere", async () => {
    const now = await driver.whereabouts(desktop, limit());
    return now.node !== victim && now.instance !== null;
  });
  await until("the start being seen", told("instance-started"));
  bench.twinTime.catchUp();
  twin.powerOn(victim);
  await until("the victim being seen again", told("node-returned"));
  driver.avoid(null);
  const kinds = events.map((event) => event.kind).filter((kind) => kind !== "observation-gap");
  expect(kinds).toEqual([
    "membership-lost",
    "node-lost",
    "fencing-started",
    "fenced",
    "node-chosen",
    "instance-started",
    "node-returned",
  ]);
  const { problems } = await driver.health(limit());
  expect(problems.join()).toMatch(/last fencing left behind has not expired: \d+ s remain/);
  watching.abort(new Error("enough"));
  await watched;

  await driver.remove(desktop, limit());
  expect(twin.vms().map((vm) => vm.vmid)).toEqual([9000]);
  expect(twin.haResources()).toEqual([]);
  await driver.remove(desktop, limit());
}, 60_000);
