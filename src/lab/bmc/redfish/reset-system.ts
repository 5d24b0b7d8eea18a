import { z } from "zod";
import type { ChassisAct } from "../chassis.ts";
import { bodyOf } from "./request-body.ts";
import { RedfishError } from "./redfish-error.ts";
import type { RedfishReply, RedfishRequest, RedfishService } from "./redfish-service.ts";

const ACTION = "ComputerSystem.Reset";
const PARAMETER = "ResetType";

const ACTS: ReadonlyMap<string, ChassisAct> = new Map<string, ChassisAct>([
  ["On", "on"],
  ["ForceOff", "off"],
  ["ForceRestart", "reset"],
  ["PowerCycle", "cycle"],
  ["GracefulShutdown", "button"],
]);

export const resetTypes: readonly string[] = [...ACTS.keys()];

/** `ComputerSystem.Reset`: 204 when it was accepted, 409 for what the power state forbids, as Dell's answer. */
export function resetSystem(request: RedfishRequest, { chassis }: RedfishService): RedfishReply {
  const wanted = z.object({ [PARAMETER]: z.string() }).safeParse(bodyOf(request));
  if (!wanted.success) {
    throw RedfishError.of(400, "ActionParameterMissing", [ACTION, PARAMETER]);
  }
  const type = wanted.data[PARAMETER];
  const act = ACTS.get(type);
  if (act === undefined) {
    throw RedfishError.of(400, "ActionParameterValueNotInList", [type, PARAMETER, ACTION]);
  }
  switch (chassis.act(act)) {
    case "done":
      return { status: 204, headers: {}, body: null };
    case "already":
      throw RedfishError.powerState(act === "on" ? "on" : "off");
    case "not-on":
      throw RedfishError.powerState("off");
  }
}
