import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seconds } from "../../src/base/time.ts";
import type { FaultSpec, ServiceName, ShutdownFault } from "../../src/model/fault-spec.ts";
import type { LabCluster } from "../../src/model/lab.ts";
import { defaultProxmoxSettings } from "../../src/model/proxmox-settings.ts";
import { defaultSafety } from "../../src/model/safety.ts";
import { bmcProgram } from "./on-lab/bmc-program.ts";
import { deployDesktop, strikeWhereItRuns } from "./on-lab/desktops.ts";
import { bootIdOf, named, strikeAndDie, strikeAndHeal } from "./on-lab/strike.ts";
import type { World } from "./on-lab/world.ts";
import { placeNamed, startWorld } from "./on-lab/world.ts";

const shutdown = (
  action: ShutdownFault["action"],
  over: ShutdownFault["over"],
  policy: ShutdownFault["policy"] = null,
): FaultSpec => ({ kind: "shutdown", action, over, policy });
const service = (name: ServiceName, action: "stop" | "kill"): FaultSpec => ({
  kind: "service",
  service: name,
  action,
  over: "ssh",
});

/** Each row is a cluster of its own, whose node with the desktop is struck by one after the other. */
const overIpmi: readonly (readonly FaultSpec[])[] = [
  [shutdown("poweroff", "ssh"), shutdown("reboot", "ssh", "conditional")],
  [shutdown("poweroff", "ipmi"), shutdown("poweroff", "api")],
  [shutdown("reboot", "api"), { kind: "network-cut", cut: "all", for_ms: 240_000, over: "ssh" }],
  [service("corosync", "stop"), service("corosync", "kill")],
  [service("pve-ha-lrm", "stop"), service("pve-ha-lrm", "kill")],
  [
    service("pve-ha-crm", "stop"),
    service("pve-ha-crm", "kill"),
    { kind: "network-cut", cut: "10.99.0.0/24", for_ms: 240_000, over: "ssh" },
  ],
  [
    { kind: "maintenance", over: "ssh" },
    { kind: "migrate", to: null, over: "api" },
  ],
  [{ kind: "freeze", over: "ssh" }],
  [
    { kind: "power", action: "off", over: "ipmi" },
    { kind: "forced-poweroff", over: "ssh" },
  ],
];
/** A watchdog resets the node long before somebody heals it. */
const leftToTheWatchdog: readonly FaultSpec[] = [
  { kind: "freeze", over: "ssh" },
  service("corosync", "stop"),
  service("pve-ha-lrm", "kill"),
  { kind: "network-cut", cut: "eth1", for_ms: 300_000, over: "ssh" },
];
const clusterOf = (name: string, bmc: "ipmi" | "redfish"): LabCluster => ({
  kind: "proxmox",
  name,
  bmc,
  safety: defaultSafety,
  settings: {
    ...defaultProxmoxSettings,
    // A reboot is proven by silence, which a busy machine sees at speed 60 only if it lasts.
    assumed: { ...defaultProxmoxSettings.assumed, node_boot_ms: 100_000 },
  },
});

let world: World;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-program-"));
  world = await startWorld([
    ...overIpmi.flatMap((_, index) => [
      clusterOf(`proven${index}`, "ipmi"),
      clusterOf(`dropped${index}`, "ipmi"),
    ]),
    ...leftToTheWatchdog.map((_, index) => clusterOf(`watchdog${index}`, "ipmi")),
    clusterOf("redfish", "redfish"),
  ]);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

describe("faults on a Proxmox VE lab", () => {
  for (const [index, specs] of overIpmi.entries()) {
    it.concurrent(`strike, are proven and heal: ${named(specs)}`, async () => {
      const place = placeNamed(world, `proven${index}`);
      const desktop = await deployDesktop(place);
      for (const spec of specs) {
        const strike = await strikeWhereItRuns(desktop, place);
        expect((await strikeAndHeal(spec, strike, place)).evidence).not.toBe("");
      }
    });
    it.concurrent(`are healed by another process: ${named(specs)}`, async () => {
      const place = placeNamed(world, `dropped${index}`);
      const desktop = await deployDesktop(place);
      for (const spec of specs) {
        const strike = await strikeWhereItRuns(desktop, place);
        expect(await strikeAndDie(spec, strike, place)).toEqual([]);
      }
    });
  }

  for (const [index, spec] of leftToTheWatchdog.entries()) {
    it.concurrent(
      `end in a reset by the watchdog, and are healed after it: ${named([spec])}`,
      async () => {
        const place = placeNamed(world, `watchdog${index}`);
        const desktop = await deployDesktop(place);
        const strike = await strikeWhereItRuns(desktop, place);
        const before = await bootIdOf(strike.victim, place);
        await strikeAndHeal(spec, strike, place, seconds(100));
        expect(await bootIdOf(strike.victim, place)).toMatch(/^[0-9a-f-]{36}$/u);
        expect(await bootIdOf(strike.victim, place)).not.toBe(before);
      },
    );
  }

  it.concurrent("strike over Redfish, and by the user's own program", async () => {
    const place = placeNamed(world, "redfish");
    const desktop = await deployDesktop(place);
    const button = await strikeWhereItRuns(desktop, place);
    await strikeAndHeal(shutdown("poweroff", "redfish"), button, place);
    const program = await bmcProgram(place.cluster, folder);
    const { evidence } = await strikeAndHeal(
      program,
      await strikeWhereItRuns(desktop, place),
      place,
    );
    expect(evidence).toContain("says that power is off");
  });
});
