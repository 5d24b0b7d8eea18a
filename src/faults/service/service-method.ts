import type { Freeze, ServiceFault as ServiceSpec } from "../../model/fault-spec.ts";
import type { Cluster, SshAccess } from "../../model/inventory.ts";
import type { FaultTools } from "../reach.ts";
import type { Look } from "../node/watchers.ts";
import { processState, mainPid, unitState } from "./systemd.ts";
import { frozenUnits } from "./units.ts";

export type ServiceFaultSpec = ServiceSpec | Freeze;

/** How a fault of the node's services is done, seen and taken back. */
export interface ServiceMethod {
  /** `kubelet killed over SSH`. */
  readonly title: string;
  readonly cure: string;
  readonly units: readonly string[];
  readonly strike: string;
  /** What takes it back, before units that do not run are started; null where starting is all. */
  readonly thaw: string | null;
  /** `pids`: the main process of each unit just before. */
  readonly look: (pids: readonly number[], access: SshAccess, tools: FaultTools) => Promise<Look>;
}

export function serviceMethod(spec: ServiceFaultSpec, cluster: Cluster["kind"]): ServiceMethod {
  switch (spec.kind) {
    case "service":
      return oneUnit(spec);
    case "freeze":
      return freeze(frozenUnits[cluster]);
  }
}

/** `--kill-who=main`: without it systemd would kill the containers' shims, too. */
const oneUnit = ({ service, action }: ServiceSpec): ServiceMethod => ({
  title: `${service} ${action === "stop" ? "stopped" : "killed"} over SSH`,
  cure: `systemctl start ${service}`,
  units: [service],
  strike:
    action === "stop"
      ? `systemctl stop ${service}`
      : `systemctl kill --kill-who=main --signal=KILL ${service}`,
  thaw: null,
  look: async ([before], access, tools) => await lookForEnd(service, before ?? 0, access, tools),
});

async function lookForEnd(
  unit: string,
  before: number,
  access: SshAccess,
  tools: FaultTools,
): Promise<Look> {
  const { word, isActive, asked } = await unitState(unit, access, tools);
  if (!isActive) return { asked, shows: { kind: "struck", what: `${unit} is ${word}` } };
  // The service manager may have started it again between two looks.
  const now = await mainPid(unit, access, tools);
  if (now.pid === before) return { asked: now.asked, shows: { kind: "as-before" } };
  const what = `${unit} has a new main process, ${now.pid} instead of ${before}`;
  return { asked: now.asked, shows: { kind: "struck", what } };
}

const freeze = (units: readonly string[]): ServiceMethod => ({
  title: `freeze of ${units.join(", ")} over SSH`,
  cure: `SIGCONT to ${units.join(", ")}`,
  units,
  strike: `systemctl kill --kill-who=all --signal=STOP ${units.join(" ")}`,
  thaw: `systemctl kill --kill-who=all --signal=CONT ${units.join(" ")}`,
  look: async (pids, access, tools) => await lookForFreeze(pids, access, tools),
});

async function lookForFreeze(
  pids: readonly number[],
  access: SshAccess,
  tools: FaultTools,
): Promise<Look> {
  let asked = tools.clock.now();
  for (const [index, pid] of pids.entries()) {
    const seen = await processState(pid, access, tools);
    if (index === 0) asked = seen.asked;
    // One signal after the other: as long as the first is not stopped, none is.
    if (seen.state !== "T")
      return { asked, shows: { kind: index === 0 ? "as-before" : "unclear" } };
  }
  const what = `processes ${pids.join(", ")} are stopped (state T)`;
  return { asked, shows: { kind: pids.length === 0 ? "unclear" : "struck", what } };
}
