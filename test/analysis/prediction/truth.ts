import { predictTrial } from "../../../src/analysis/prediction/predict-trial.ts";
import { present } from "../../../src/base/assert.ts";
import type { ClusterTimers } from "../../../src/model/cluster-facts.ts";
import type { DesktopSpec, KubernetesDesktop } from "../../../src/model/experiment.ts";
import type { Prediction } from "../../../src/model/prediction.ts";
import type { Timing } from "../../../src/model/survey.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { VICTIM } from "./timers.ts";

/** One failover, and the prediction from what a driver could read just before it. */
export interface Truth {
  readonly seed: number;
  readonly recovery_ms: number;
  readonly prediction: Prediction;
}

export interface Arm {
  readonly name: string;
  /** Whether each mode of it is as narrow as it has to be; by default it is. */
  readonly narrow?: boolean;
  readonly play: (seed: number) => Truth;
}

/** Fewer than a trial's own 300: the ends of the central 95 % are then as sure, and a little wider. */
const FAILOVERS = 100;

interface KnownBefore {
  readonly timing: Timing;
  readonly timers: ClusterTimers;
  /** From their reading to the kill. */
  readonly since_ms?: number;
  /** As many as a trial's own where a prediction is nearly as wide as it may be. */
  readonly failovers?: number;
}

/** The prediction for a failover that took `recovery_ms`. */
export function truth(
  seed: number,
  recovery_ms: number,
  { timing, timers, since_ms = 0, failovers = FAILOVERS }: KnownBefore,
): Truth {
  const known = {
    timing,
    timers,
    victim: timing.kind === "proxmox" ? VICTIM : "worker1",
    desktop: timing.kind === "proxmox" ? vm : pod,
    fault: { kind: "power", action: "off", over: "ipmi" } as const,
    events: [],
    killed: [timers.at_ms[0] + since_ms, timers.at_ms[1] + since_ms] as const,
  };
  const prediction = predictTrial(known, new SeededRandom(seed).fork("prediction"), failovers);
  return { seed, recovery_ms, prediction: present(prediction, "a prediction") };
}

const vm: DesktopSpec = {
  kind: "proxmox",
  source: { kind: "existing", vmid: 100 },
  reach: { kind: "guest", address: null, port: 6080, page: "/vnc.html", websocket: "/websockify" },
  vnc_password: null,
};

export const pod: KubernetesDesktop = {
  kind: "kubernetes",
  namespace: "desk",
  image: "desktop:1",
  port: 6080,
  toleration_s: 1,
  page: "/vnc.html",
  websocket: "/websockify",
  reach: { kind: "node-port" },
  vnc_password: null,
};
