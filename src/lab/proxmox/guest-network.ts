import type { GuestState, ProxmoxTwin } from "../../twin/proxmox/proxmox-twin.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { LabDesktop } from "../desktop/desktop.ts";
import { serveDesktop } from "../desktop/serve-desktop.ts";
import type { LabHost, LabNetwork } from "../network/network.ts";
import { isReachable } from "./node-links.ts";
import { nameOf } from "./vm-config.ts";

/** Where the guest's websockify listens. */
const DESKTOP_PORT = 6080;

interface Guest {
  readonly host: LabHost;
  phase: GuestState["phase"];
  bootId: string;
  listening: boolean;
  /** Changes to the host are made one after another. */
  last: Promise<void>;
}

/**
 * The machines that VMs are to the network: silent while off or booting, refusing as soon as the guest has its
 * network, serving noVNC when it is up; silent as well while the public link of their node is down, which their bridge
 * needs. A VM keeps its address wherever it runs; a deleted VM's machine goes to the next.
 */
export class GuestNetwork {
  readonly #guests = new Map<number, Promise<Guest>>();
  readonly #idle: Guest[] = [];
  readonly #addresses = new Map<number, string>();
  readonly #twin: ProxmoxTwin;
  readonly #network: LabNetwork;
  readonly #clock: Clock;
  #count = 0;
  #vncWorks = true;

  constructor(twin: ProxmoxTwin, network: LabNetwork, clock: Clock) {
    this.#twin = twin;
    this.#network = network;
    this.#clock = clock;
  }

  get vncWorks(): boolean {
    return this.#vncWorks;
  }

  /** Stops or starts the VNC servers in all guests; their websockify goes on. */
  setVnc(working: boolean): void {
    this.#vncWorks = working;
  }

  address(vmid: number): string | null {
    return this.#addresses.get(vmid) ?? null;
  }

  /** Makes the machine of `vmid` behave as its guest does now. */
  async follow(vmid: number, state: GuestState): Promise<void> {
    if (state.phase === "off" && !this.#guests.has(vmid)) return;
    const phase = this.#isCutOff(vmid) ? "off" : state.phase;
    const guest = await this.#guestOf(vmid);
    const before = guest.last;
    guest.last = (async () => {
      await before;
      if (state.phase !== "off") guest.bootId = state.bootId;
      await this.#change(vmid, guest, phase);
    })();
    await guest.last;
  }

  /** The guest stands still, or goes on: meanwhile nobody is answered, and no connection is lost. */
  async setPaused(vmid: number, paused: boolean): Promise<void> {
    const guest = await this.#guests.get(vmid);
    if (paused) guest?.host.stall();
    else guest?.host.resume();
  }

  #isCutOff(vmid: number): boolean {
    const node = this.#twin.vms().find((vm) => vm.vmid === vmid)?.node;
    return node !== undefined && !isReachable(this.#twin, node);
  }

  /** Gives the machines of VMs that are no more to the next ones. */
  async collect(): Promise<void> {
    const alive = new Set(this.#twin.vms().map((vm) => vm.vmid));
    for (const [vmid, pending] of this.#guests) {
      if (alive.has(vmid)) continue;
      this.#guests.delete(vmid);
      this.#addresses.delete(vmid);
      const guest = await pending;
      await guest.last;
      await this.#goSilent(vmid, guest);
      guest.phase = "off";
      this.#idle.push(guest);
    }
  }

  async #guestOf(vmid: number): Promise<Guest> {
    const known = this.#guests.get(vmid);
    if (known !== undefined) return await known;
    const idle = this.#idle.pop();
    const created = idle === undefined ? this.#create(vmid) : Promise.resolve(idle);
    this.#guests.set(vmid, created);
    const guest = await created;
    this.#addresses.set(vmid, guest.host.address);
    return guest;
  }

  async #create(vmid: number): Promise<Guest> {
    const host = await this.#network.addHost(`${this.#twin.clusterName}-guest-${++this.#count}`);
    const guest: Guest = {
      host,
      phase: "off",
      bootId: "",
      listening: false,
      last: Promise.resolve(),
    };
    await this.#goSilent(vmid, guest);
    return guest;
  }

  async #change(vmid: number, guest: Guest, phase: GuestState["phase"]): Promise<void> {
    if (phase === guest.phase) return;
    guest.phase = phase;
    if (phase === "off") guest.host.resume();
    if (phase === "off" || phase === "starting" || phase === "booting") {
      await this.#goSilent(vmid, guest);
      return;
    }
    if (guest.host.silent) {
      await this.#stopListening(guest);
      await guest.host.wake();
    }
    if (phase === "up") await this.#startListening(vmid, guest);
    else await this.#stopListening(guest);
  }

  /** Only a port that somebody listens on can fall silent; one without would refuse. */
  async #goSilent(vmid: number, guest: Guest): Promise<void> {
    if (guest.host.silent) return;
    await this.#startListening(vmid, guest);
    await guest.host.silence();
  }

  async #startListening(vmid: number, guest: Guest): Promise<void> {
    if (guest.listening) return;
    guest.listening = true;
    await serveDesktop(guest.host, DESKTOP_PORT, this.#desktop(vmid, guest));
  }

  async #stopListening(guest: Guest): Promise<void> {
    if (!guest.listening) return;
    guest.listening = false;
    await guest.host.unlisten(DESKTOP_PORT);
  }

  #desktop(vmid: number, guest: Guest): LabDesktop {
    return {
      clock: this.#clock,
      name: () => {
        const vm = this.#twin.vms().find((each) => each.vmid === vmid);
        return `${vm === undefined ? vmid : nameOf(vm)} boot ${guest.bootId.slice(0, 8)}`;
      },
      password: () => null,
      vncUp: () => this.#vncWorks,
    };
  }
}
