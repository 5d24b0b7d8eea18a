import { OperatingError } from "../../../src/base/errors.ts";
import { instantInMs, milliseconds } from "../../../src/base/time.ts";
import type { Duration } from "../../../src/base/time.ts";
import { observe } from "../../../src/clusters/proxmox/observe.ts";
import type { ControlPlaneEvent } from "../../../src/model/cluster-facts.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import type { Answering } from "./fake-api.ts";
import { fakeApi, Late, sessionOf, silence } from "./fake-api.ts";

/**
 * How a host behaves. `silent`: takes everything, answers nothing. `refusing`: its process is gone. `stuck`: lives, but reads of
 * the cluster's files block. `outside`: answers from outside the quorum.
 */
export type Mode = "well" | "silent" | "refusing" | "stuck" | "outside";
export type Host = "pv7" | "pv8" | "pv9";
export const hosts: readonly Host[] = ["pv7", "pv8", "pv9"];

/** VM 100 on pv9, which is to be killed; every fact may be changed while it is observed. */
export class ObservedCluster {
  readonly clock = new VirtualClock();
  readonly events: ControlPlaneEvent[] = [];
  /** When each of them was told, in milliseconds. */
  readonly toldAt: number[] = [];
  readonly modes = new Map<Host, Mode>();
  readonly delays = new Map<Host, Duration>();
  readonly offline = new Set<string>();
  nodeState = "online";
  state = "started";
  node = "pv9";
  readonly tasks: object[] = [];
  readonly api = fakeApi(this.clock, (call, host, form) => this.#answer(call, host, form));

  after(delayMs: number, act: () => void): void {
    this.clock.queue.after(milliseconds(delayMs), act);
  }

  async observe(lasting: Duration): Promise<void> {
    const stop = new AbortController();
    this.clock.queue.after(lasting, () => stop.abort(new Error("enough")));
    const onEvent = (event: ControlPlaneEvent): void => {
      this.events.push(event);
      this.toldAt.push(instantInMs(this.clock.now()));
    };
    const subject = { vmid: 100, victim: () => "pv9", onEvent };
    const session = sessionOf(this.clock, this.api);
    await this.clock.runUntilSettled(observe(session, subject, stop.signal), 1e6);
  }

  readonly #answer: Answering = (call, host) => {
    const name = hosts.find((each) => each === host.node) ?? "pv7";
    const mode = this.modes.get(name) ?? "well";
    if (mode === "refusing") throw new OperatingError("unreachable", `${name} refuses`);
    if (mode === "silent" || (mode === "stuck" && call !== "GET /version")) return silence;
    const data = this.#data(call, mode === "outside" ? name : null);
    const delay = this.delays.get(name);
    return delay === undefined ? data : new Late(delay, data);
  };

  /** `alone`: the only node that this host sees. */
  #data(call: string, alone: Host | null): unknown {
    switch (call) {
      case "GET /version":
        return {};
      case "GET /cluster/status":
        return [
          { type: "cluster", name: "c", quorate: alone === null ? 1 : 0 },
          ...hosts.map((name, index) => ({
            type: "node",
            name,
            nodeid: index + 1,
            online: (alone === null ? !this.offline.has(name) : name === alone) ? 1 : 0,
          })),
        ];
      case "GET /cluster/ha/status/manager_status":
        return {
          manager_status: {
            master_node: "pv7",
            node_status: { pv7: "online", pv8: "online", pv9: this.nodeState },
            service_status: { "vm:100": { state: this.state, node: this.node } },
            timestamp: 1,
          },
          lrm_status: {},
        };
      case "GET /cluster/resources":
        return [{ type: "qemu", id: "qemu/100", vmid: 100, node: this.node, status: "running" }];
      default:
        return this.tasks;
    }
  }
}

export const gapsOf = (events: readonly ControlPlaneEvent[]): readonly ControlPlaneEvent[] =>
  events.filter(({ kind }) => kind === "observation-gap");
