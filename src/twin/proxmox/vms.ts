import { assert, present } from "../../base/assert.ts";
import type { Duration } from "../../base/time.ts";
import { longer, milliseconds, sum } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { ProxmoxAssumptions } from "../../model/proxmox-settings.ts";
import type { GuestState, VmConfig, VmState } from "./proxmox-twin.ts";
import { TwinRefusal } from "./proxmox-twin.ts";
import type { Simulation } from "./simulation.ts";

type Phase = Exclude<GuestState["phase"], "off">;

const off: GuestState = { phase: "off" };

/** Every VM of the cluster: where its configuration lies, and how far its guest has come. One instance at most. */
export class Vms {
  readonly #simulation: Simulation;
  readonly #random: Random;
  readonly #assumed: ProxmoxAssumptions;
  readonly #vms = new Map<number, VmState>();

  constructor(simulation: Simulation, assumed: ProxmoxAssumptions) {
    this.#simulation = simulation;
    this.#random = simulation.random.fork("guests");
    this.#assumed = assumed;
  }

  list(): readonly VmState[] {
    return [...this.#vms.values()];
  }

  find(vmid: number): VmState | undefined {
    return this.#vms.get(vmid);
  }

  /** The VM, or PVE's words for one whose configuration is not there. */
  get(vmid: number, node: string | null = null): VmState {
    const vm = this.#vms.get(vmid);
    if (vm === undefined || (node !== null && vm.node !== node)) {
      const path = `${node === null ? "" : `nodes/${node}/`}qemu-server/${vmid}.conf`;
      throw new TwinRefusal(500, `Configuration file '${path}' does not exist`);
    }
    return vm;
  }

  create(vm: Omit<VmState, "guest">): void {
    this.#vms.set(vm.vmid, { ...vm, guest: off });
  }

  remove(vmid: number): void {
    this.#vms.delete(vmid);
  }

  /** Sets and adds keys; one set to the empty string goes. */
  configure(vmid: number, changes: VmConfig): void {
    const vm = this.get(vmid);
    const kept = Object.entries({ ...vm.config, ...changes }).filter(([, value]) => value !== "");
    this.#vms.set(vmid, { ...vm, config: Object.fromEntries(kept) });
  }

  /** Renames the configuration of a VM that does not run into another node's directory. */
  move(vmid: number, node: string): void {
    const vm = this.get(vmid);
    assert(vm.guest.phase === "off", `VM ${vmid} is moved while it runs`);
    this.#vms.set(vmid, { ...vm, node });
  }

  /** The same, while another QEMU on `node` takes the guest over as it is. */
  handOver(vmid: number, node: string, pid: number): void {
    const vm = this.get(vmid);
    assert(vm.guest.phase !== "off", `VM ${vmid} is handed over while it is off`);
    this.#vms.set(vmid, { ...vm, node });
    this.#become(vmid, {
      ...vm.guest,
      startedAt: this.#simulation.now(),
      startedWallSeconds: this.#simulation.wallSeconds(),
      pid,
    });
  }

  /** The guest stands still, or goes on, as it is. */
  setPaused(vmid: number, paused: boolean): void {
    this.#simulation.pause(vmid, this.get(vmid).node, paused);
  }

  isRunning(vmid: number): boolean {
    return (this.#vms.get(vmid) ?? { guest: off }).guest.phase !== "off";
  }

  isRunningOn(vmid: number, node: string): boolean {
    return this.isRunning(vmid) && this.#vms.get(vmid)?.node === node;
  }

  /** New at each boot; null while it is off. */
  bootIdOf(vmid: number): string | null {
    const guest = this.#vms.get(vmid)?.guest ?? off;
    return guest.phase === "off" ? null : guest.bootId;
  }

  /** Forks QEMU on the VM's node; the guest's phases follow by themselves. */
  boot(vmid: number, pid: number): void {
    assert(!this.isRunning(vmid), `VM ${vmid} is started twice`);
    const started = {
      startedAt: this.#simulation.now(),
      startedWallSeconds: this.#simulation.wallSeconds(),
      pid,
      bootId: this.#bootId(),
    };
    const answering = milliseconds(this.#assumed.qemu_start_ms);
    const up = sum(answering, milliseconds(this.#assumed.guest_boot_ms));
    const network = sum(answering, milliseconds(this.#assumed.guest_network_ms));
    this.#become(vmid, { phase: "starting", ...started });
    const later = (delay: Duration, phase: Phase): void => {
      this.#simulation.after(delay, () => {
        this.#comeTo(vmid, started.bootId, phase);
      });
    };
    later(answering, "booting");
    if (network < up) later(network, "network");
    later(longer(up, answering), "up");
  }

  halt(vmid: number): void {
    if (this.isRunning(vmid)) this.#become(vmid, off);
  }

  nodeDied(node: string): void {
    for (const vm of this.#vms.values()) if (vm.node === node) this.halt(vm.vmid);
  }

  /** The next phase comes only to the boot it belongs to. */
  #comeTo(vmid: number, bootId: string, phase: Phase): void {
    const guest = this.#vms.get(vmid)?.guest ?? off;
    if (guest.phase !== "off" && guest.bootId === bootId) this.#become(vmid, { ...guest, phase });
  }

  #become(vmid: number, guest: GuestState): void {
    const vm = present(this.#vms.get(vmid), `VM ${vmid}`);
    this.#vms.set(vmid, { ...vm, guest });
    this.#simulation.guest(vmid, vm.node, guest);
  }

  /** Shaped like /proc/sys/kernel/random/boot_id. */
  #bootId(): string {
    const digits = Array.from({ length: 4 }, () =>
      Math.floor(this.#random.next() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    ).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
}
