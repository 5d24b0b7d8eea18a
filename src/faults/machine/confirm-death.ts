import type { Span } from "../../base/interval.ts";
import type { FaultProof } from "../../contracts/fault.ts";
import type { Aftermath } from "../../model/fault-spec.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import { describeEvidence, judgeDeath } from "../node/evidence.ts";
import { gatherProof, noWitness } from "../node/gather-proof.ts";
import { watchLife, watchPower } from "../node/watchers.ts";
import type { FaultTools } from "../reach.ts";

/**
 * Watches the victim's BMC and its SSH port side by side until what they show suffices. A fault that takes the power
 * away is proven by the BMC; one that does not, by silence (or by the BMC, when it shows the gap of a power cycle).
 */
export async function confirmDeath(
  { name, ssh, bmc }: NodeAccess,
  leaves: Aftermath,
  requested: Span,
  tools: FaultTools,
): Promise<FaultProof> {
  const witnesses = {
    ssh: ssh !== null,
    power: bmc !== null && leaves === "off",
    teller: "the BMC",
  };
  if (ssh === null && bmc === null) throw noWitness(name);
  return await gatherProof(
    {
      victim: name,
      requested,
      watchers: [
        ...(ssh === null ? [] : [watchLife(ssh)]),
        ...(bmc === null ? [] : [watchPower(bmc)]),
      ],
      judge: (evidence) => judgeDeath(evidence, witnesses),
      describe: (evidence) => describeEvidence(evidence, witnesses.teller),
    },
    tools,
  );
}
