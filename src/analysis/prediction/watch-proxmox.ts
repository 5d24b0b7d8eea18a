import type { Instant } from "../../base/time.ts";
import { agentLock } from "../../twin/proxmox/pmxcfs-locks.ts";
import type { ProxmoxTwin, TwinEvent } from "../../twin/proxmox/proxmox-twin.ts";

/** The steps of one failover, as the twin's own truth has them; null: not yet. */
export interface ProxmoxSteps {
  /** The survivors' new membership: writes go on. */
  formed: Instant | null;
  /** The first round of the CRM master since the kill, if it began before the new membership, and was caught in the freeze. */
  caught: Instant | null;
  /** The master's first round after the new membership. */
  firstRound: Instant | null;
  unknown: Instant | null;
  /** The victim's agent lock has expired, and was deleted. */
  unlocked: Instant | null;
  fenced: Instant | null;
  moved: Instant | null;
  /** QEMU was started on the new node. */
  started: Instant | null;
  /** The desktop answers again. */
  back: Instant | null;
}

/** Notes the steps as the twin goes on. */
export function watchProxmox(
  twin: Pick<ProxmoxTwin, "subscribe">,
  { victim, vmid }: { readonly victim: string; readonly vmid: number },
): ProxmoxSteps {
  const steps: ProxmoxSteps = {
    formed: null,
    caught: null,
    firstRound: null,
    unknown: null,
    unlocked: null,
    fenced: null,
    moved: null,
    started: null,
    back: null,
  };
  const lock = agentLock(victim);
  twin.subscribe((event) => {
    if (event.kind === "model") noteTruth(steps, event, { victim, lock });
    else if (event.kind === "guest" && event.vmid === vmid && event.node !== victim) {
      if (event.state.phase === "starting") steps.started ??= event.at;
      if (event.state.phase === "up") steps.back ??= event.at;
    }
  });
  return steps;
}

type Truth = Extract<TwinEvent, { readonly kind: "model" }>;

/** Events that are a step by themselves, and what else they have to be about. */
const stepOf: Readonly<
  Record<string, { readonly step: keyof ProxmoxSteps; readonly of: "anything" | "victim" | "lock" }>
> = {
  membership: { step: "formed", of: "anything" },
  "node-unknown": { step: "unknown", of: "victim" },
  "lock-unlocked": { step: "unlocked", of: "lock" },
  "fence-acknowledged": { step: "fenced", of: "victim" },
  "service-moved": { step: "moved", of: "anything" },
};

function noteTruth(
  steps: ProxmoxSteps,
  { at, what, node, detail }: Truth,
  { victim, lock }: { readonly victim: string; readonly lock: string },
): void {
  if (what === "crm-round") {
    if (steps.formed === null) steps.caught ??= at;
    else steps.firstRound ??= at;
  }
  const known = stepOf[what];
  if (known === undefined) return;
  const about = { anything: true, victim: node === victim, lock: detail === lock };
  if (about[known.of]) steps[known.step] ??= at;
}
