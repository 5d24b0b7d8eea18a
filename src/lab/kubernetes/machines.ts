import type { KubernetesTwin } from "../../twin/kubernetes/kubernetes-twin.ts";
import type { LabMachine } from "../machine.ts";

/** A node of the twin as a machine with a power button. Every look and every push happens at the present. */
export function machineOf(twin: KubernetesTwin, name: string, catchUp: () => void): LabMachine {
  const now = <T>(act: () => T): T => {
    catchUp();
    return act();
  };
  return {
    name,
    uuid: twin.uuid(name),
    isPowered: () => now(() => twin.isPowered(name)),
    isUp: () => now(() => twin.hostState(name) === "up"),
    bootId: () => now(() => twin.bootId(name)),
    powerOff: () => now(() => twin.powerOff(name)),
    powerOn: () => now(() => twin.powerOn(name)),
    reset: () => now(() => twin.reset(name)),
    panic: () => now(() => twin.panic(name)),
  };
}
