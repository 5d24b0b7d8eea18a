import type { Instant } from "../../base/time.ts";
import { between, inSeconds, milliseconds, minutes, seconds, times } from "../../base/time.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import type { ProxmoxTwin } from "../../twin/proxmox/proxmox-twin.ts";
import type { EventQueue } from "../../twin/event-queue.ts";

/** pvestatd's round. */
const ROUND = seconds(10);
/** How long the cluster remembers what a node last said (pmxcfs status.c). */
const REMEMBERED = minutes(5);
/** The nodes' daemons do not run in step. */
const STAGGER = milliseconds(2700);

export interface VmStatistics {
  readonly status: "running" | "stopped";
  readonly uptimeSeconds: number;
}

/**
 * What pvestatd of each node tells the cluster every 10 s: the source of `status` in `/cluster/resources`, which is
 * therefore up to 10 s old, and up to 5 minutes when the node is dead. A moved VM keeps its last status until the
 * new node's next round.
 */
export class Statistics {
  readonly #queue: EventQueue;
  readonly #twin: ProxmoxTwin;
  readonly #vms = new Map<number, VmStatistics & { readonly at: Instant }>();
  readonly #nodes = new Map<string, Instant>();
  readonly #timers = new Map<string, Cancel>();
  readonly #bootedAt = new Map<string, Instant>();
  readonly #startedAt: Instant;

  constructor(queue: EventQueue, twin: ProxmoxTwin) {
    this.#queue = queue;
    this.#twin = twin;
    this.#startedAt = queue.now();
    for (const [index, node] of twin.nodes.entries()) {
      this.#publish(node.name, this.#startedAt);
      const first = times(STAGGER, index + 1);
      this.#timers.set(
        node.name,
        queue.after(first, () => this.#round(node.name)),
      );
    }
  }

  vm(vmid: number): VmStatistics | null {
    const known = this.#vms.get(vmid);
    return known !== undefined && this.#isFresh(known.at) ? known : null;
  }

  /** What this node said of itself is still remembered. */
  knowsNode(node: string): boolean {
    const at = this.#nodes.get(node);
    return at !== undefined && this.#isFresh(at);
  }

  /** Since its last boot; a node that was up when the lab began has been up for an hour more. */
  nodeUptimeSeconds(node: string): number {
    const booted = this.#bootedAt.get(node);
    const now = this.#queue.now();
    if (booted === undefined) return 3600 + Math.floor(inSeconds(between(this.#startedAt, now)));
    return Math.floor(inSeconds(between(booted, now)));
  }

  nodeBooted(node: string, at: Instant): void {
    this.#bootedAt.set(node, at);
  }

  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
  }

  #isFresh(at: Instant): boolean {
    return between(at, this.#queue.now()) <= REMEMBERED;
  }

  #round(node: string): void {
    const now = this.#queue.now();
    // What a node says while it is cut off reaches nobody.
    if (this.#twin.hostState(node) === "up" && this.#twin.clusterStatus(node).quorate) {
      this.#publish(node, now);
    }
    this.#timers.set(
      node,
      this.#queue.after(ROUND, () => this.#round(node)),
    );
  }

  #publish(node: string, now: Instant): void {
    this.#nodes.set(node, now);
    for (const vm of this.#twin.vms()) {
      if (vm.node !== node) continue;
      const running = vm.guest.phase === "off" ? null : vm.guest;
      this.#vms.set(vm.vmid, {
        status: running === null ? "stopped" : "running",
        uptimeSeconds:
          running === null ? 0 : Math.floor(inSeconds(between(running.startedAt, now))),
        at: now,
      });
    }
  }
}
