import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Strike } from "../../src/contracts/fault.ts";
import type { FaultSpec, ShutdownFault } from "../../src/model/fault-spec.ts";
import { defaultKubernetesSettings } from "../../src/model/kubernetes-settings.ts";
import { seconds } from "../../src/base/time.ts";
import { createFault } from "../../src/faults/create-fault.ts";
import { defaultSafety } from "../../src/model/safety.ts";
import { strikeOn } from "./a-cluster.ts";
import { bmcProgram } from "./on-lab/bmc-program.ts";
import { deployDesktop, strikeWhereItRuns } from "./on-lab/desktops.ts";
import { named, strikeAndDie, strikeAndHeal } from "./on-lab/strike.ts";
import type { Place, World } from "./on-lab/world.ts";
import { placeNamed, secrets, startWorld } from "./on-lab/world.ts";

const shutdown = (
  action: ShutdownFault["action"],
  over: ShutdownFault["over"],
): readonly FaultSpec[] => [{ kind: "shutdown", action, over, policy: null }];

/** Each row's faults strike the same worker, one after the other. */
const overIpmi: readonly (readonly FaultSpec[])[] = [
  shutdown("poweroff", "ssh"),
  shutdown("reboot", "ssh"),
  shutdown("poweroff", "ipmi"),
  [{ kind: "network-cut", cut: "all", for_ms: 240_000, over: "ssh" }],
  [{ kind: "network-cut", cut: "eth0", for_ms: 240_000, over: "ssh" }],
  (["kubelet", "containerd"] as const).flatMap((service): readonly FaultSpec[] => [
    { kind: "service", service, action: "stop", over: "ssh" },
    { kind: "service", service, action: "kill", over: "ssh" },
  ]),
  [{ kind: "freeze", over: "ssh" }],
  [
    { kind: "cordon", over: "api" },
    { kind: "drain", over: "api" },
  ],
];
const overRedfish: readonly (readonly FaultSpec[])[] = [
  shutdown("poweroff", "redfish"),
  [
    { kind: "power", action: "off", over: "redfish" },
    { kind: "power", action: "cycle", over: "redfish" },
  ],
  [{ kind: "sysrq", key: "o", over: "ssh" }],
];

const cluster = (name: string, bmc: "ipmi" | "redfish", workers: number) => ({
  kind: "kubernetes" as const,
  name,
  bmc,
  safety: defaultSafety,
  settings: {
    ...defaultKubernetesSettings,
    workers,
    // A reboot is proven by silence, which a busy machine sees at speed 60 only if it lasts.
    assumed: { ...defaultKubernetesSettings.assumed, node_boot_ms: 100_000 },
  },
});

let world: World;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-program-"));
  world = await startWorld([
    cluster("ipmi", "ipmi", 2 * overIpmi.length),
    cluster("redfish", "redfish", 2 * overRedfish.length + 2),
    cluster("desktops", "ipmi", 3),
  ]);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const workerOf = ({ cluster: { nodes } }: Place, index: number): string =>
  nodes.filter(({ name }) => name.startsWith("worker"))[index]?.name ?? "no such worker";

for (const [name, rows] of Object.entries({ ipmi: overIpmi, redfish: overRedfish })) {
  describe(`faults on a Kubernetes lab with ${name}`, () => {
    for (const [index, specs] of rows.entries()) {
      it.concurrent(`strike, are proven and heal: ${named(specs)}`, async () => {
        const place = placeNamed(world, name);
        const strike = strikeOn(workerOf(place, 2 * index));
        for (const spec of specs) {
          expect((await strikeAndHeal(spec, strike, place)).evidence).not.toBe("");
        }
      });
      it.concurrent(`are healed by another process: ${named(specs)}`, async () => {
        const place = placeNamed(world, name);
        const strike = strikeOn(workerOf(place, 2 * index + 1));
        for (const spec of specs) expect(await strikeAndDie(spec, strike, place)).toEqual([]);
      });
    }
  });
}

describe("faults on a Kubernetes lab, of its desktop", () => {
  it.concurrent("evict and drain it, and taint its node as the version allows", async () => {
    const place = placeNamed(world, "desktops");
    const desktop = await deployDesktop(place);
    const evict: FaultSpec = { kind: "evict", over: "api" };
    const drain: FaultSpec = { kind: "drain", over: "api" };
    const here = async (): Promise<Strike> => await strikeWhereItRuns(desktop, place);
    await strikeAndHeal(evict, await here(), place);
    expect(await strikeAndDie(evict, await here(), place)).toEqual([]);
    const drained = await here();
    await strikeAndHeal(drain, drained, place);
    expect((await here()).victim).not.toBe(drained.victim);
    expect(await strikeAndDie(drain, await here(), place)).toEqual([]);
    // The lab plays Kubernetes 1.20, which does not know this taint: refused, and still nothing to take back.
    const { victim } = await here();
    const fault = createFault({ kind: "out-of-service", over: "api" }, { ...place, secrets });
    const refusals = await fault.check(victim, place.clock.timeout(seconds(60)));
    expect(refusals.map(({ guard }) => guard)).toEqual(["api-version"]);
    await fault.heal(victim, place.clock.timeout(seconds(60)));
    await fault.close();
  });
});

it.concurrent(
  "the user's own program strikes a node of a Kubernetes lab, and heals it",
  async () => {
    const place = placeNamed(world, "redfish");
    const spec = await bmcProgram(place.cluster, folder);
    const { evidence } = await strikeAndHeal(
      spec,
      strikeOn(workerOf(place, 2 * overRedfish.length)),
      place,
    );
    expect(evidence).toContain("says that power is off");
    const other = strikeOn(workerOf(place, 2 * overRedfish.length + 1));
    expect(await strikeAndDie(spec, other, place)).toEqual([]);
  },
);
