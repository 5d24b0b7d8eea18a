import { randomUUID } from "node:crypto";
import type { ProxmoxTwin } from "../../twin/proxmox/proxmox-twin.ts";
import type { TwinTime } from "../lab-cluster.ts";
import type { LabMachine } from "../machine.ts";

/** Each node of the twin as a machine with a power button. Every look and every push happens at the present. */
export function createMachines(
  twin: ProxmoxTwin,
  twinTime: TwinTime,
): { readonly machines: ReadonlyMap<string, LabMachine>; readonly stop: () => void } {
  const bootIds = new Map(twin.nodes.map((node) => [node.name, randomUUID()]));
  const stop = twin.subscribe((event) => {
    if (event.kind === "host" && event.state === "booting") bootIds.set(event.node, randomUUID());
  });
  const now = <T>(act: () => T): T => {
    twinTime.catchUp();
    return act();
  };
  const machines = twin.nodes.map(({ name }): [string, LabMachine] => [
    name,
    {
      name,
      uuid: randomUUID(),
      isPowered: () => now(() => twin.isPowered(name)),
      isUp: () => now(() => twin.hostState(name) === "up"),
      bootId: () => now(() => bootIds.get(name) ?? ""),
      powerOff: () => now(() => twin.powerOff(name)),
      powerOn: () => now(() => twin.powerOn(name)),
      reset: () => now(() => twin.reset(name)),
      panic: () => now(() => twin.panic(name)),
    },
  ]);
  return { machines: new Map(machines), stop };
}
