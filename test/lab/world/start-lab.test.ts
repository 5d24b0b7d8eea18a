import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { parse } from "yaml";
import { instantFromMs } from "../../../src/base/time.ts";
import type { LabContext, RunningLabCluster } from "../../../src/lab/lab-cluster.ts";
import type { CreateCluster, RunningLab } from "../../../src/lab/world/start-lab.ts";
import { startLab } from "../../../src/lab/world/start-lab.ts";
import type { ProxmoxCluster } from "../../../src/model/inventory.ts";
import type { LabSpec } from "../../../src/model/lab.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { ScaledClock } from "../../../src/platform/scaled-clock.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const spec: LabSpec = {
  speed: 60,
  seed: 1,
  clusters: ["one", "two"].map((name) => ({
    kind: "proxmox",
    name,
    bmc: "ipmi" as const,
    safety: defaultSafety,
    settings: defaultProxmoxSettings,
  })),
};

const origin = {
  instance: "lab-1",
  speed: 60,
  origin_hrtime_ns: "0",
  origin_wall: "2026-01-01T00:00:00.000Z",
};

const entry = (name: string): ProxmoxCluster => ({
  kind: "proxmox",
  name,
  armed: true,
  nodes: [],
  safety: defaultSafety,
  lab: origin,
  identity: { name, ca_fingerprint: null },
  api: {
    hosts: [{ url: "https://127.0.0.1:8006", node: null }],
    token_id: "a@pve!b",
    token_secret: { kind: "file", path: "/tmp/secret" },
    tls: { kind: "insecure" },
  },
  corosync: { token_ms: 3000, token_coefficient_ms: 650 },
});

/** A lab of clusters that do nothing but keep a log. */
async function start(
  log: string[],
  create: (name: string, context: LabContext) => void = () => undefined,
): Promise<{ lab: RunningLab; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "blackout-world-"));
  folders.push(folder);
  const createCluster: CreateCluster = async ({ name }, context) => {
    create(name, context);
    const cluster: RunningLabCluster = {
      cluster: entry(name),
      howTo: [{ title: `how to reach ${name}`, command: "true" }],
      control: async (command) => await Promise.resolve(void log.push(`${name} ${command.part}`)),
      close: async () => await Promise.resolve(void log.push(`${name} closed`)),
    };
    return await Promise.resolve(cluster);
  };
  const clock = new ScaledClock({
    ...origin,
    origin_hrtime_ns: process.hrtime.bigint().toString(),
  });
  const options = { clock, origin, random: new SeededRandom(1), directory: join(folder, "lab") };
  return { lab: await startLab(spec, { ...options, createCluster }), folder: options.directory };
}

test("startLab starts every cluster and writes an inventory of them, for its owner only", async () => {
  const log: string[] = [];
  const { lab, folder } = await start(log);
  expect(parse(readFileSync(lab.inventoryPath, "utf8"))).toEqual({
    format: "blackout-inventory/1",
    clusters: [entry("one"), entry("two")],
  });
  expect(statSync(lab.inventoryPath).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(lab.howTo).toHaveLength(2);
  await lab.close();
  expect(log).toEqual(["two closed", "one closed"]);
});

test("a command goes to its cluster; for an unknown one it says which there are", async () => {
  const log: string[] = [];
  const { lab } = await start(log);
  await lab.control("two", { part: "vnc", node: null, working: false });
  expect(log).toEqual(["two vnc"]);
  await expect(lab.control("three", { part: "vnc", node: null, working: false })).rejects.toThrow(
    "has no such cluster: it has one, two",
  );
  await lab.close();
});

test("truth.ndjson holds the twins' events with their instants in milliseconds", async () => {
  const event = { at: instantFromMs(1234.5), kind: "host", node: "pve1", state: "off" };
  const { lab, folder } = await start([], (name, context) => {
    if (name === "one") context.onTruth(name, event);
  });
  await lab.close();
  expect(readFileSync(join(folder, "truth.ndjson"), "utf8")).toBe(
    '{"at_ms":1234.5,"cluster":"one","kind":"host","node":"pve1","state":"off"}\n',
  );
});

test("when a cluster cannot start, those that did are closed and the first cause is told", async () => {
  const log: string[] = [];
  const starting = start(log, (name) => {
    if (name === "two") throw new Error("two does not start");
  });
  await expect(starting).rejects.toThrow("two does not start");
  expect(log).toEqual(["one closed"]);
});
