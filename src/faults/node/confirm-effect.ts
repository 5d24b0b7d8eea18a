import type { Span } from "../../base/interval.ts";
import type { FaultProof } from "../../contracts/fault.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { FaultTools } from "../reach.ts";
import { judgeEffect } from "./evidence.ts";
import { gatherProof, noWitness } from "./gather-proof.ts";
import type { Look } from "./watchers.ts";
import { watchEffect, watchPower, watchSilence } from "./watchers.ts";

/** The fault's effect as it is asked for over SSH: `the links are down`. */
export interface Effect {
  /** `the links of pve2 stayed up`: for the message when no proof came. */
  readonly missing: string;
  readonly look: (tools: FaultTools) => Promise<Look>;
}

/**
 * For faults that leave the machine alive, at least at first. Proven by a look over SSH that shows the effect, or by the
 * machine's silence; where the inventory has no SSH, by the BMC that says off.
 */
export async function confirmEffect(
  { name, ssh, bmc }: NodeAccess,
  effect: Effect,
  requested: Span,
  tools: FaultTools,
): Promise<FaultProof> {
  if (ssh === null && bmc === null) throw noWitness(name);
  return await gatherProof(
    {
      victim: name,
      requested,
      watchers: [
        ...(ssh === null ? [] : [watchSilence(ssh), watchEffect(effect.look)]),
        ...(ssh === null && bmc !== null ? [watchPower(bmc)] : []),
      ],
      judge: (evidence) => judgeEffect(evidence, { ssh: ssh !== null }),
      describe: () => effect.missing,
    },
    tools,
  );
}
