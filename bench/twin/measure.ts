import { anyTime, playProxmox } from "../../src/analysis/prediction/play-proxmox.ts";
import { playKubernetes } from "../../src/analysis/prediction/play-kubernetes.ts";
import type { Play } from "../../src/analysis/prediction/played.ts";
import { predict } from "../../src/analysis/prediction/played.ts";
import type { Random } from "../../src/contracts/random.ts";
import { defaultKubernetesSettings } from "../../src/model/kubernetes-settings.ts";
import { defaultProxmoxSettings } from "../../src/model/proxmox-settings.ts";
import type { TwinSpeed } from "../report/results.ts";

const MICROSECONDS_PER_MS = 1000;
/** Until the compiler has seen all there is. */
const WARMUP = 500;

/** How fast failovers are predicted, with each cluster's default settings. */
export function measureTwins(random: Random, failovers: number): TwinSpeed[] {
  const proxmox = playProxmox({ ...anyTime, settings: defaultProxmoxSettings, master: false });
  const kubernetes = playKubernetes({
    settings: defaultKubernetesSettings,
    toleration_s: null,
    lease_age: { kind: "any", range_ms: null },
    starts_ms: [],
  });
  return [
    measured("Proxmox VE", proxmox, random, failovers),
    measured("Kubernetes", kubernetes, random, failovers),
  ];
}

function measured(twin: string, play: Play, random: Random, failovers: number): TwinSpeed {
  predict(play, random, WARMUP);
  const before = process.cpuUsage();
  predict(play, random, failovers);
  const { user, system } = process.cpuUsage(before);
  return { twin, failovers, cpu_ms: (user + system) / MICROSECONDS_PER_MS };
}
