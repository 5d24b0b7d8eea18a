import type { RedfishService } from "./redfish-service.ts";
import { ACCOUNT_SERVICE } from "./account-routes.ts";
import {
  resetPath,
  ROOT,
  SESSION_SERVICE,
  SESSIONS,
  systemId,
  systemPath,
  SYSTEMS,
} from "./redfish-service.ts";
import { resetTypes } from "./reset-system.ts";

/** What can be read of a BMC, in the versions of DMTF's schemas that the types name. */

export const serviceRoot = ({ machine }: RedfishService): object => ({
  "@odata.id": `${ROOT}/`,
  "@odata.type": "#ServiceRoot.v1_9_0.ServiceRoot",
  Id: "RootService",
  Name: "Root Service",
  RedfishVersion: "1.11.0",
  UUID: machine.uuid,
  Vendor: "blackout lab",
  Systems: { "@odata.id": SYSTEMS },
  AccountService: { "@odata.id": ACCOUNT_SERVICE },
  SessionService: { "@odata.id": SESSION_SERVICE },
  Links: { Sessions: { "@odata.id": SESSIONS } },
});

export const systemCollection = ({ machine }: RedfishService): object => ({
  "@odata.id": SYSTEMS,
  "@odata.type": "#ComputerSystemCollection.ComputerSystemCollection",
  Name: "Computer System Collection",
  "Members@odata.count": 1,
  Members: [{ "@odata.id": systemPath(machine.name) }],
});

export const computerSystem = ({ machine }: RedfishService): object => ({
  "@odata.id": systemPath(machine.name),
  "@odata.type": "#ComputerSystem.v1_13_0.ComputerSystem",
  Id: systemId(machine.name),
  Name: machine.name,
  HostName: machine.name,
  SystemType: "Physical",
  Manufacturer: "blackout lab",
  SerialNumber: systemId(machine.name),
  // In capitals, as HPE has it; Linux prints the same UUID in small letters.
  UUID: machine.uuid.toUpperCase(),
  PowerState: powerState(machine),
  Status: { State: machine.isPowered() ? "Enabled" : "StandbyOffline", Health: "OK" },
  Actions: {
    "#ComputerSystem.Reset": {
      target: resetPath(machine.name),
      "ResetType@Redfish.AllowableValues": resetTypes,
    },
  },
});

function powerState(machine: RedfishService["machine"]): "On" | "Off" | "PoweringOff" {
  if (!machine.isPowered()) return "Off";
  return machine.isShuttingDown() ? "PoweringOff" : "On";
}
