import { after, inSeconds, seconds, sinceOrigin } from "../../../src/base/time.ts";
import type { ProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { EventQueue } from "../../../src/twin/event-queue.ts";
import { createProxmoxTwin } from "../../../src/twin/proxmox/create-proxmox-twin.ts";
import type { ProxmoxTwin, TwinEvent } from "../../../src/twin/proxmox/proxmox-twin.ts";

/** A cluster on the virtual clock with services under HA, and everything that it tells. Times are seconds. */
export class Scenario {
  readonly queue = new EventQueue();
  readonly twin: ProxmoxTwin;
  readonly events: TwinEvent[] = [];
  readonly random: SeededRandom;
  readonly firstMaster: string | null;

  constructor(
    seed: number,
    options: { settings?: Partial<ProxmoxSettings>; master?: string } = {},
  ) {
    this.random = new SeededRandom(seed);
    this.twin = createProxmoxTwin({
      clusterName: "lab",
      settings: { ...defaultProxmoxSettings, ...options.settings },
      scheduler: this.queue,
      random: this.random.fork("twin"),
      wallOrigin: 1_800_000_000 + this.random.fork("origin").next(),
      ...(options.master === undefined ? {} : { master: options.master }),
    });
    this.firstMaster = this.twin.managerStatus().master;
    this.twin.subscribe((event) => this.events.push(event));
  }

  get now(): number {
    return inSeconds(sinceOrigin(this.queue.now()));
  }

  wait(duration: number): void {
    this.queue.advanceTo(after(this.queue.now(), seconds(duration)));
  }

  /** Puts a new VM under HA on `node`. */
  deploy(vmid: number, node: string): void {
    this.twin.write(
      node,
      () => {
        this.twin.createVm(node, { vmid, config: { name: `desktop-${vmid}` }, template: false });
        this.twin.addHaResource({
          sid: `vm:${vmid}`,
          state: "started",
          failback: 0,
          maxRestart: null,
          maxRelocate: null,
          comment: null,
        });
      },
      (outcome) => {
        if (outcome.kind === "refused") throw outcome.error;
      },
    );
  }

  guestPhase(vmid: number): string {
    return this.twin.vms().find((vm) => vm.vmid === vmid)?.guest.phase ?? "none";
  }

  nodeOf(vmid: number): string {
    return this.twin.vms().find((vm) => vm.vmid === vmid)?.node ?? "none";
  }

  /** When each model event came, after `since`, in seconds of the scenario. */
  times(what: string, since = 0, match: { node?: string; detail?: string } = {}): number[] {
    const found: number[] = [];
    for (const event of this.events) {
      const at = inSeconds(sinceOrigin(event.at));
      if (event.kind !== "model" || event.what !== what || at < since) continue;
      if (match.node !== undefined && event.node !== match.node) continue;
      if (match.detail !== undefined && event.detail !== match.detail) continue;
      found.push(at);
    }
    return found;
  }

  guestStarts(vmid: number, since: number): number[] {
    return this.events.flatMap((event) => {
      const at = inSeconds(sinceOrigin(event.at));
      const isStart = event.kind === "guest" && event.state.phase === "starting";
      return isStart && event.vmid === vmid && at >= since ? [at] : [];
    });
  }
}
