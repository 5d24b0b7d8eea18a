import { OperatingError } from "../../../base/errors.ts";
import { parse } from "../../shared/parse.ts";
import type { PowerAction } from "../bmc-session.ts";
import type { ComputerSystem } from "./resources.ts";
import { actionInfo, pathOf } from "./resources.ts";
import type { RedfishWire } from "./redfish-wire.ts";

/** What each act is called (ResetType of DSP0268), best first. */
const resetTypes: Readonly<Record<PowerAction, readonly [string, ...string[]]>> = {
  off: ["ForceOff"],
  on: ["On", "ForceOn"],
  cycle: ["PowerCycle", "ForceRestart"],
  reset: ["ForceRestart", "PowerCycle"],
  soft: ["GracefulShutdown"],
};

export interface Reset {
  readonly target: string;
  readonly type: string;
}

/** How this system is asked for `action`, as far as it says what it can do. Rejects when it cannot. */
export async function resetFor(
  wire: RedfishWire,
  system: ComputerSystem,
  action: PowerAction,
  signal: AbortSignal,
): Promise<Reset> {
  const reset = system.Actions?.["#ComputerSystem.Reset"];
  if (reset === undefined) throw cannot(action, wire.peer, "the system has no action Reset");
  const target = pathOf(reset.target);
  const allowed =
    reset["ResetType@Redfish.AllowableValues"] ??
    (await fromActionInfo(wire, reset["@Redfish.ActionInfo"], signal));
  const wanted = resetTypes[action];
  // One that does not say what it allows finds out when it is asked.
  const type = allowed === null ? wanted[0] : wanted.find((each) => allowed.includes(each));
  if (type !== undefined) return { target, type };
  throw cannot(
    action,
    wire.peer,
    `it allows only ${allowed?.join(", ").slice(0, 200) ?? "nothing"}`,
  );
}

async function fromActionInfo(
  wire: RedfishWire,
  link: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  if (link === undefined) return null;
  const what = "read what resets the system allows";
  const { Parameters } = parse(actionInfo, await wire.get(what, pathOf(link), signal), what);
  return Parameters.find(({ Name }) => Name === "ResetType")?.AllowableValues ?? null;
}

const cannot = (action: PowerAction, peer: string, why: string): OperatingError =>
  new OperatingError(
    "rejected",
    `Cannot request power ${action} as the BMC at ${peer} does not offer it: ${why}`,
  );
