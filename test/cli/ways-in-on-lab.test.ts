import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seconds } from "../../src/base/time.ts";
import { machinesOf } from "../../src/cli/machines.ts";
import type { Cluster } from "../../src/model/inventory.ts";
import { apiHostsOf } from "../../src/model/inventory.ts";
import { defaultKubernetesSettings } from "../../src/model/kubernetes-settings.ts";
import { defaultProxmoxSettings } from "../../src/model/proxmox-settings.ts";
import { defaultSafety } from "../../src/model/safety.ts";
import { refusalsFor } from "../../src/study/guard.ts";
import { gatherFacts } from "../../src/study/guards/gather-facts.ts";
import type { Place, World } from "../faults/on-lab/world.ts";
import { placeNamed, secrets, startWorld } from "../faults/on-lab/world.ts";

const other: Readonly<Record<string, string>> = {
  pve2: "pve3",
  pve3: "pve2",
  worker1: "worker2",
  worker2: "worker1",
};

/** As a slip in copying does it: two nodes have each other's ways in. */
const swapped = (cluster: Cluster): Cluster => ({
  ...cluster,
  nodes: cluster.nodes.map((node) => ({ ...node, name: other[node.name] ?? node.name })),
});

interface Asked {
  /** Host names that the ways in of all nodes lead to. */
  readonly reached: readonly (string | null)[];
  /** What the guard of the ways in refuses. */
  readonly refused: readonly string[];
}

/** The guards of each node, asked over an inventory that may differ from the lab's own. */
async function askAll({ clock, driver }: Place, cluster: Cluster): Promise<Asked> {
  const signal = clock.timeout(seconds(600));
  const machines = machinesOf(cluster, { clock, secrets });
  const parts = { driver, safety: cluster.safety, apiHosts: apiHostsOf(cluster), machines };
  const spending = { kind: "spent", kills: 0, elapsed_ms: 0 } as const;
  const health = await driver.health(signal);
  const reached: (string | null)[] = [];
  const refused: string[] = [];
  for (const { name } of health.nodes) {
    const facts = await gatherFacts(name, health, parts, { clock, spending, signal });
    reached.push(facts.login?.hostname ?? null);
    for (const { guard, saw } of refusalsFor(name, facts)) {
      if (guard === "ssh-mapping") refused.push(saw);
    }
  }
  return { reached, refused };
}

let world: World;
beforeAll(async () => {
  const common = { bmc: "ipmi", safety: defaultSafety } as const;
  world = await startWorld([
    { ...common, kind: "proxmox", name: "pve", settings: defaultProxmoxSettings },
    { ...common, kind: "kubernetes", name: "k8s", settings: defaultKubernetesSettings },
  ]);
});
afterAll(async () => await world.close());

describe.each([
  { name: "pve", words: /^the inventory's ssh of pve[23] leads .*"uname -n" there says pve[23]$/u },
  {
    name: "k8s",
    words: /^the inventory's ssh of worker[12] leads .*its machine-id is [0-9a-f]{32}/u,
  },
])("the ways into nodes of $name", ({ name, words }) => {
  it("lead to the node that the cluster means, by the lab's own inventory", async () => {
    const place = placeNamed(world, name);
    const { reached, refused } = await askAll(place, place.cluster);
    expect(refused).toEqual([]);
    expect(reached).toEqual(
      (await place.driver.health(new AbortController().signal)).nodes.map((node) => node.name),
    );
  });

  it("are refused where two nodes have each other's, whose BMCs would be proven by their UUIDs", async () => {
    const place = placeNamed(world, name);
    const { refused } = await askAll(place, swapped(place.cluster));
    expect(refused).toEqual([expect.stringMatching(words), expect.stringMatching(words)]);
  });
});
