import type { Instant } from "../../base/time.ts";
import type { GuestState, ProxmoxTwin } from "../../twin/proxmox/proxmox-twin.ts";
import type { LabHost } from "../network/network.ts";
import type { GuestNetwork } from "./guest-network.ts";
import { isReachable } from "./node-links.ts";
import type { Statistics } from "./statistics.ts";

/** What has to keep up with the twin. */
export interface Followers {
  readonly hosts: ReadonlyMap<string, LabHost>;
  readonly guests: GuestNetwork;
  readonly statistics: Statistics;
  /** Filled here: since when a node has not been reached. */
  readonly down: Map<string, Instant>;
}

/** Makes machines and guests on the network behave as the twin says, now and at each event. Returns how to stop. */
export async function followTwin(twin: ProxmoxTwin, followers: Followers): Promise<() => void> {
  const { guests, statistics } = followers;
  const stop = twin.subscribe((event) => {
    switch (event.kind) {
      case "host":
        if (event.state === "booting") statistics.nodeBooted(event.node, event.at);
        followNode(twin, followers, event);
        break;
      case "link":
        followNode(twin, followers, event);
        for (const vm of twin.vms()) {
          if (vm.node === event.node) ignore(guests.follow(vm.vmid, vm.guest));
        }
        break;
      case "guest":
        ignore(followGuest(guests, event.vmid, event.state));
        break;
      case "pause":
        ignore(guests.setPaused(event.vmid, event.paused));
        break;
      case "model":
    }
  });
  await Promise.all(twin.vms().map(async (vm) => await guests.follow(vm.vmid, vm.guest)));
  return stop;
}

/** A node that is up behind a public link that is down is as silent as a dead one. */
function followNode(
  twin: ProxmoxTwin,
  { hosts, down }: Followers,
  { node, at }: { readonly node: string; readonly at: Instant },
): void {
  const host = hosts.get(node);
  if (isReachable(twin, node)) {
    down.delete(node);
    if (host !== undefined) ignore(host.wake());
  } else {
    if (!down.has(node)) down.set(node, at);
    if (host !== undefined) ignore(host.silence());
  }
}

async function followGuest(guests: GuestNetwork, vmid: number, state: GuestState): Promise<void> {
  await guests.collect();
  await guests.follow(vmid, state);
}

/** The network fails only while it is being closed; nobody is left then to be told. */
const ignore = (work: Promise<void>): void => {
  work.catch(() => undefined);
};
