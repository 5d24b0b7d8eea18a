import type { Random } from "../../contracts/random.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { Finding, Timing } from "../../model/survey.ts";
import { ok } from "../../model/survey.ts";
import { FAILOVERS, rangeInWords, secondsOf as seconds } from "./in-words.ts";
import { whyNoFailover } from "./no-failover.ts";
import { playKubernetes } from "./play-kubernetes.ts";
import { anyTime, playProxmox } from "./play-proxmox.ts";
import { predict } from "./played.ts";

/** The least toleration that a pod can state and still ride out a blink. */
const SHORT_TOLERATION_S = 1;

/** When a desktop would answer again after its node loses power, by the twin from the cluster's own timers. */
export function predictRecovery(cluster: string, timing: Timing, random: Random): Finding {
  const about = { topic: "prediction", subject: cluster } as const;
  const why = whyNoFailover(timing);
  return ok(about, why === null ? inWords(timing, random) : `nothing is predicted: ${why}`);
}

const inWords = (timing: Timing, random: Random): string =>
  timing.kind === "proxmox"
    ? proxmoxInWords(timing.settings, random)
    : kubernetesInWords(timing.settings, random);

function proxmoxInWords(settings: ProxmoxSettings, random: Random): string {
  const back = (master: boolean): string =>
    rangeInWords(
      predict(playProxmox({ ...anyTime, settings, master }), random, FAILOVERS).recovery_ms,
    );
  const { assumed } = settings;
  return `a desktop here is predicted back ${back(false)} after a power loss (${back(true)} if the CRM master is killed). Assumed: its guest takes ${seconds(assumed.guest_boot_ms)} s from QEMU's start to answering, QEMU ${seconds(assumed.qemu_start_ms)} s to start`;
}

function kubernetesInWords(settings: KubernetesSettings, random: Random): string {
  const question = {
    settings,
    lease_age: { kind: "any", range_ms: null },
    starts_ms: [],
  } as const;
  const back = (toleration_s: number | null): string =>
    rangeInWords(
      predict(playKubernetes({ ...question, toleration_s }), random, FAILOVERS).recovery_ms,
    );
  const { assumed } = settings;
  return `a desktop here is predicted back ${back(SHORT_TOLERATION_S)} after a power loss with a toleration of ${SHORT_TOLERATION_S} s (${back(null)} with the cluster's default of ${settings.default_toleration_s} s). Assumed: its image is on every node, ${seconds(assumed.container_start_ms)} s to start a container, ${seconds(assumed.desktop_start_ms)} s for noVNC to answer in it`;
}
