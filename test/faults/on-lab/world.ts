import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { present } from "../../../src/base/assert.ts";
import { createKubernetesDriver } from "../../../src/clusters/kubernetes/kubernetes-driver.ts";
import { createProxmoxDriver } from "../../../src/clusters/proxmox/create-proxmox-driver.ts";
import type { ClusterDriver } from "../../../src/contracts/cluster-driver.ts";
import type { Secrets } from "../../../src/contracts/secrets.ts";
import { createKubernetesLab } from "../../../src/lab/kubernetes/kubernetes-lab.ts";
import type { RunningLabCluster } from "../../../src/lab/lab-cluster.ts";
import { createProxmoxLab } from "../../../src/lab/proxmox/proxmox-lab.ts";
import { startLab } from "../../../src/lab/world/start-lab.ts";
import type { Cluster } from "../../../src/model/inventory.ts";
import type { LabCluster } from "../../../src/model/lab.ts";
import { ScaledClock } from "../../../src/platform/scaled-clock.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";

const SPEED = 60;
const SEED = 20261124;

export const secrets: Secrets = {
  resolve: async (reference) =>
    reference.kind === "file" ? (await readFile(reference.path, "utf8")).trimEnd() : "",
};

/** A cluster of the lab as an inventory has it, and a driver of it. */
export interface Place {
  readonly clock: ScaledClock;
  readonly cluster: Cluster;
  readonly driver: ClusterDriver;
}

export interface World {
  readonly places: readonly Place[];
  close(): Promise<void>;
}

/** One lab with all of these clusters, each with a driver. */
export async function startWorld(clusters: readonly LabCluster[]): Promise<World> {
  const origin = {
    instance: "test",
    speed: SPEED,
    origin_hrtime_ns: String(process.hrtime.bigint()),
    origin_wall: new Date().toISOString(),
  };
  const clock = new ScaledClock(origin);
  const directory = await mkdtemp(join(tmpdir(), "blackout-faults-"));
  const running: RunningLabCluster[] = [];
  const lab = await startLab(
    { speed: SPEED, seed: SEED, clusters },
    {
      clock,
      origin,
      random: new SeededRandom(SEED),
      directory,
      createCluster: async (spec, context) => {
        const started =
          spec.kind === "proxmox"
            ? await createProxmoxLab(spec, context)
            : await createKubernetesLab(spec, context);
        running.push(started);
        return started;
      },
    },
  );
  const places = running.map(({ cluster }) => ({
    clock,
    cluster,
    driver: driverOf(cluster, clock),
  }));
  return {
    places,
    close: async () => {
      for (const { driver } of places) await driver.close();
      await lab.close();
      await rm(directory, { recursive: true });
    },
  };
}

function driverOf(cluster: Cluster, clock: ScaledClock): ClusterDriver {
  return cluster.kind === "kubernetes"
    ? createKubernetesDriver({ cluster, clock, secrets })
    : createProxmoxDriver({ cluster, clock, secrets, random: new SeededRandom(SEED) });
}

export const placeNamed = ({ places }: World, name: string): Place =>
  present(
    places.find(({ cluster }) => cluster.name === name),
    `cluster ${name}`,
  );
