import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKubernetesDriver } from "../../../src/clusters/kubernetes/kubernetes-driver.ts";
import type { ClusterDriver, DesktopRequest } from "../../../src/contracts/cluster-driver.ts";
import type { Secrets } from "../../../src/contracts/secrets.ts";
import { createKubernetesLab } from "../../../src/lab/kubernetes/kubernetes-lab.ts";
import type { RunningLabCluster } from "../../../src/lab/lab-cluster.ts";
import { startLab } from "../../../src/lab/world/start-lab.ts";
import type { KubernetesDesktop } from "../../../src/model/experiment.ts";
import type { KubernetesCluster } from "../../../src/model/inventory.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { ScaledClock } from "../../../src/platform/scaled-clock.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";

/** A Kubernetes lab, and a driver of it. */
export interface Scene {
  readonly clock: ScaledClock;
  readonly cluster: KubernetesCluster;
  readonly lab: RunningLabCluster;
  readonly driver: ClusterDriver;
  readonly secrets: Secrets;
  close(): Promise<void>;
}

export const secrets: Secrets = {
  resolve: async (reference) =>
    reference.kind === "file" ? (await readFile(reference.path, "utf8")).trimEnd() : "",
};

export async function startScene(speed: number, seed = 7): Promise<Scene> {
  const origin = {
    instance: "test",
    speed,
    origin_hrtime_ns: String(process.hrtime.bigint()),
    origin_wall: new Date().toISOString(),
  };
  const clock = new ScaledClock(origin);
  const directory = await mkdtemp(join(tmpdir(), "blackout-k8s-"));
  const settings = { ...defaultKubernetesSettings };
  const safety = defaultSafety;
  let running: RunningLabCluster | null = null;
  const world = await startLab(
    {
      speed,
      seed,
      clusters: [{ kind: "kubernetes", name: "kube", bmc: "ipmi", safety, settings }],
    },
    {
      clock,
      origin,
      random: new SeededRandom(seed),
      directory,
      createCluster: async (spec, context) => {
        if (spec.kind !== "kubernetes") throw new Error("a Kubernetes lab was asked for");
        running = await createKubernetesLab(spec, context);
        return running;
      },
    },
  );
  const lab = running as RunningLabCluster | null;
  if (lab === null || lab.cluster.kind !== "kubernetes") throw new Error("no lab");
  const driver = createKubernetesDriver({ cluster: lab.cluster, clock, secrets });
  return {
    clock,
    cluster: lab.cluster,
    lab,
    driver,
    secrets,
    close: async () => {
      await driver.close();
      await world.close();
      await rm(directory, { recursive: true });
    },
  };
}

export const desktop: KubernetesDesktop = {
  kind: "kubernetes",
  namespace: "blackout-test",
  image: "desktop:1",
  port: 6080,
  toleration_s: 1,
  page: "vnc.html",
  websocket: "websockify",
  reach: { kind: "ingress", host: null },
  vnc_password: null,
};

export const request = (
  mark: string,
  spec: KubernetesDesktop = desktop,
): DesktopRequest & { readonly spec: KubernetesDesktop } => ({
  spec,
  placement: { kind: "any" },
  run: "run",
  trial: "t1",
  mark,
});
