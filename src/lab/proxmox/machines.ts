import { randomUUID } from "node:crypto";
import type { ProxmoxTwin, UnitName } from "../../twin/proxmox/proxmox-twin.ts";
import type { LabMachine, UnitState } from "../machine.ts";
import type { ApiWorld, NodeIdentity } from "./api-world.ts";
import { haManager } from "./ha-manager.ts";
import { linksOf } from "./node-links.ts";

const UNITS: ReadonlySet<string> = new Set<UnitName>([
  "corosync",
  "pve-cluster",
  "pve-ha-crm",
  "pve-ha-lrm",
  "watchdog-mux",
]);
/** They run while their node does, and nothing can be done to them here. */
const OTHER_UNITS = ["pveproxy", "pvedaemon", "pvestatd", "ssh"];
const FIRST_OTHER_PID = 600;

/** Each node of the twin as a machine with a power button and an operating system. Every look and every push happens at the present. */
export function createMachines({
  twin,
  twinTime,
  nodes,
}: Pick<ApiWorld, "twin" | "twinTime" | "nodes">): {
  readonly machines: ReadonlyMap<string, LabMachine>;
  readonly stop: () => void;
} {
  const bootIds = new Map(twin.nodes.map((node) => [node.name, randomUUID()]));
  const stop = twin.subscribe((event) => {
    if (event.kind === "host" && event.state === "booting") bootIds.set(event.node, randomUUID());
  });
  const now = <T>(act: () => T): T => {
    twinTime.catchUp();
    return act();
  };
  const machines = [...nodes.values()].map((node): [string, LabMachine] => [
    node.name,
    {
      ...hardware(twin, node, now),
      ...system(twin, node, now),
      bootId: () => now(() => bootIds.get(node.name) ?? ""),
    },
  ]);
  return { machines: new Map(machines), stop };
}

type AtPresent = <T>(act: () => T) => T;

const hardware = (
  twin: ProxmoxTwin,
  { name }: NodeIdentity,
  now: AtPresent,
): Pick<
  LabMachine,
  "name" | "uuid" | "isPowered" | "isUp" | "powerOff" | "powerOn" | "reset" | "panic"
> => ({
  name,
  uuid: randomUUID(),
  isPowered: () => now(() => twin.isPowered(name)),
  isUp: () => now(() => twin.hostState(name) === "up"),
  powerOff: () => now(() => twin.powerOff(name)),
  powerOn: () => now(() => twin.powerOn(name)),
  reset: () => now(() => twin.reset(name)),
  panic: () => now(() => twin.panic(name)),
});

const system = (
  twin: ProxmoxTwin,
  node: NodeIdentity,
  now: AtPresent,
): Pick<
  LabMachine,
  "shutDown" | "isShuttingDown" | "unit" | "actOnUnit" | "links" | "setLink" | "program"
> => ({
  shutDown: (action) => now(() => twin.shutDown(node.name, action)),
  isShuttingDown: () => now(() => twin.isShuttingDown(node.name)),
  unit: (name) => now(() => unitOf(twin, node.name, name)),
  actOnUnit: (name, act) =>
    now(() => {
      if (isUnit(name)) twin.actOnUnit(node.name, name, act);
    }),
  links: () => now(() => linksOf(twin, node)),
  setLink: (name, up) =>
    now(() => {
      const link = twin.links(node.name).find((each) => each.name === name);
      if (link !== undefined) twin.setLink(node.name, link.name, up);
    }),
  program: (words) =>
    words[0] === "ha-manager" ? now(() => haManager(twin, node.name, words)) : null,
});

function unitOf(twin: ProxmoxTwin, node: string, name: string): UnitState | null {
  if (isUnit(name)) return twin.unit(node, name);
  const index = OTHER_UNITS.indexOf(name);
  if (index < 0) return null;
  return { active: "active", mainPid: FIRST_OTHER_PID + index, frozen: false };
}

const isUnit = (name: string): name is UnitName => UNITS.has(name);
