import type { KubernetesTwin } from "../../twin/kubernetes/kubernetes-twin.ts";
import type { LabLink, LabMachine } from "../machine.ts";

/** A node of the twin as a machine with a power button. Every look and every push happens at the present. */
export function machineOf(
  twin: KubernetesTwin,
  node: { readonly name: string; readonly address: string },
  catchUp: () => void,
): LabMachine {
  const { name, address } = node;
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
    shutDown: (action) => now(() => twin.shutDown(name, action)),
    isShuttingDown: () => now(() => twin.isShuttingDown(name)),
    unit: (unit) => now(() => twin.unit(name, plain(unit))),
    actOnUnit: (unit, act) => now(() => twin.actOnUnit(name, plain(unit), act)),
    links: () => now(() => twin.links(name).map((link) => linkOf(link, address))),
    setLink: (link, up) => now(() => twin.setLink(name, link, up)),
    program: () => null,
  };
}

/** `kubelet.service` is `kubelet`. */
const plain = (unit: string): string => unit.replace(/\.service$/u, "");

/** The lab's network is a /24 (see createLabNetwork); its router is one of the addresses that no machine gets. */
const linkOf = (
  { name, up }: { readonly name: string; readonly up: boolean },
  address: string,
): LabLink => ({
  name,
  address: `${address}/24`,
  up,
  gateway: up ? address.replace(/\d+$/u, ROUTER) : null,
});

const ROUTER = "253";
