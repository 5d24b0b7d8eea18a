import type { Instant } from "../../base/time.ts";
import type { GuestState, HostState, ProxmoxTwin } from "../../twin/proxmox/proxmox-twin.ts";
import type { LabHost } from "../network/network.ts";
import type { GuestNetwork } from "./guest-network.ts";
import type { Statistics } from "./statistics.ts";

/** What has to keep up with the twin. */
export interface Followers {
  readonly hosts: ReadonlyMap<string, LabHost>;
  readonly guests: GuestNetwork;
  readonly statistics: Statistics;
  /** Filled here: since when a node has been away. */
  readonly down: Map<string, Instant>;
}

/** Makes machines and guests on the network behave as the twin says, now and at each event. Returns how to stop. */
export async function followTwin(twin: ProxmoxTwin, followers: Followers): Promise<() => void> {
  const { guests, statistics, down, hosts } = followers;
  const stop = twin.subscribe((event) => {
    if (event.kind === "host") {
      if (event.state === "up") down.delete(event.node);
      else if (!down.has(event.node)) down.set(event.node, event.at);
      if (event.state === "booting") statistics.nodeBooted(event.node, event.at);
      ignore(followHost(hosts.get(event.node), event.state));
    }
    if (event.kind === "guest") ignore(followGuest(guests, event.vmid, event.state));
  });
  await Promise.all(twin.vms().map(async (vm) => await guests.follow(vm.vmid, vm.guest)));
  return stop;
}

async function followHost(host: LabHost | undefined, state: HostState): Promise<void> {
  if (state === "up") await host?.wake();
  else await host?.silence();
}

async function followGuest(guests: GuestNetwork, vmid: number, state: GuestState): Promise<void> {
  await guests.collect();
  await guests.follow(vmid, state);
}

/** The network fails only while it is being closed; nobody is left then to be told. */
const ignore = (work: Promise<void>): void => {
  work.catch(() => undefined);
};
