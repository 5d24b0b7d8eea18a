import type { Instant } from "../../base/time.ts";
import type { ShutdownFault as ShutdownSpec } from "../../model/fault-spec.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { Refusal } from "../../model/journal.ts";
import { detached } from "../detached.ts";
import { checkBmc, noBmcToAct } from "../node/check-bmc.ts";
import { checkSsh } from "../node/check-ssh.ts";
import { bmcOf, sshOf } from "../node/no-way-in.ts";
import { told } from "../node/ssh-output.ts";
import type { FaultTools } from "../reach.ts";
import { withBmc } from "../reach.ts";
import { demandSuccess } from "../node/demand-success.ts";

/** Who asks the operating system to end. */
export interface ShutdownWay {
  /** `power button over IPMI`. */
  readonly title: string;
  /** Can it be asked this way? Touches nothing. Empty: yes. */
  readonly check: (victim: NodeAccess, tools: FaultTools) => Promise<readonly Refusal[]>;
  /** Asks, and resolves when that was accepted; `sent` is told just before the request leaves. */
  readonly ask: (
    victim: NodeAccess,
    sent: (instant: Instant) => void,
    tools: FaultTools,
  ) => Promise<void>;
}

/** By the operating system's own command. */
export const bySystemctl = (action: ShutdownSpec["action"]): ShutdownWay => ({
  title: `${action} over SSH`,
  check: checkSsh,
  ask: async (victim, sent, tools) => {
    const end = await tools.reach.run(sshOf(victim), detached(`systemctl ${action}`), tools.signal);
    sent(end.sent);
    demandSuccess(end, `ask ${victim.name} for its ${action}`);
  },
});

/** By the power button, which the BMC presses. */
export const byButton = (over: "ipmi" | "redfish"): ShutdownWay => ({
  title: `power button over ${over === "ipmi" ? "IPMI" : "Redfish"}`,
  check: async (victim, tools) => await checkBmc(victim, noBmcToAct(victim.name), tools),
  ask: async (victim, sent, { reach, clock, signal }) => {
    await withBmc(reach, bmcOf(victim), signal, async (session) => {
      sent(clock.now());
      await session.control("soft");
    });
  },
});

/** What the service manager says of the whole machine. */
export type SystemState = "stopping" | "up" | "unknown";

/** Exit code and words of `systemctl is-system-running`: only "running" exits with 0, so the words count. */
export async function systemState(
  victim: NodeAccess,
  tools: FaultTools,
): Promise<{ readonly state: SystemState; readonly asked: Instant }> {
  const { stdout, sent } = await told(sshOf(victim), "systemctl is-system-running", tools);
  if (stdout === "stopping") return { state: "stopping", asked: sent };
  const up = ["running", "degraded", "starting", "initializing", "maintenance"].includes(stdout);
  return { state: up ? "up" : "unknown", asked: sent };
}
