import { predictKubernetes } from "../../src/analysis/prediction/predict-kubernetes.ts";
import { predictProxmox } from "../../src/analysis/prediction/predict-proxmox.ts";
import type { Random } from "../../src/contracts/random.ts";
import { defaultKubernetesSettings } from "../../src/model/kubernetes-settings.ts";
import { defaultProxmoxSettings } from "../../src/model/proxmox-settings.ts";
import type { TwinSpeed } from "../report/results.ts";

const MICROSECONDS_PER_MS = 1000;
const WARMUP = 50;

/** How fast failovers are predicted, with each cluster's default settings. */
export function measureTwins(random: Random, failovers: number): TwinSpeed[] {
  const proxmox = { settings: defaultProxmoxSettings, master: false };
  const kubernetes = {
    settings: defaultKubernetesSettings,
    toleration_s: null,
    lease_age_ms: null,
    start_ms: null,
  };
  return [
    measured("Proxmox VE", failovers, (count) => predictProxmox(proxmox, random, count)),
    measured("Kubernetes", failovers, (count) => predictKubernetes(kubernetes, random, count)),
  ];
}

function measured(twin: string, failovers: number, predict: (count: number) => unknown): TwinSpeed {
  predict(WARMUP);
  const before = process.cpuUsage();
  predict(failovers);
  const { user, system } = process.cpuUsage(before);
  return { twin, failovers, cpu_ms: (user + system) / MICROSECONDS_PER_MS };
}
