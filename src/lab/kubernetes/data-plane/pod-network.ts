import type { Clock } from "../../../contracts/clock.ts";
import { serveDesktop } from "../../desktop/serve-desktop.ts";
import type { LabHost } from "../../network/network.ts";
import { podPort } from "../ports.ts";

/** The desktops in the pods: each serves on its node's host while its process listens. */
export class PodNetwork {
  readonly #hosts: ReadonlyMap<string, LabHost>;
  readonly #clock: Clock;
  /** Per node, the ports of pods that listen. */
  readonly #listening = new Map<string, Set<number>>();
  /** Per node, the ports of pods that ended because their machine was about to. */
  readonly #ended = new Map<string, Set<number>>();
  #vncUp = true;

  constructor(hosts: ReadonlyMap<string, LabHost>, clock: Clock) {
    this.#hosts = hosts;
    this.#clock = clock;
  }

  /** Breaks or mends the VNC server in every desktop; its page and WebSocket stay. */
  setVnc(working: boolean): void {
    this.#vncUp = working;
  }

  async start(node: string, ip: string, pod: string): Promise<void> {
    const host = this.#hosts.get(node);
    const ports = portsOf(this.#listening, node);
    const port = podPort(ip);
    if (host === undefined || ports.has(port)) return;
    ports.add(port);
    await serveDesktop(host, port, {
      clock: this.#clock,
      name: () => pod,
      password: () => null,
      vncUp: () => this.#vncUp,
    });
  }

  /** `isEnding`: its machine is about to go, and what refuses now will be silent then. */
  async stop(node: string, ip: string, isEnding: boolean): Promise<void> {
    const port = podPort(ip);
    if (!portsOf(this.#listening, node).delete(port)) return;
    if (isEnding) portsOf(this.#ended, node).add(port);
    await this.#hosts.get(node)?.unlisten(port);
  }

  /** The node is gone: a port that nobody listens on would refuse on loopback, where a dead machine is silent. */
  async fallSilent(node: string): Promise<void> {
    const ended = [...portsOf(this.#ended, node)];
    this.#ended.delete(node);
    for (const port of ended) {
      portsOf(this.#listening, node).add(port);
      await this.#hosts.get(node)?.listen(port, (socket) => socket.destroy());
    }
  }

  /** The node has booted: nothing of before the cut runs any more. */
  async clear(node: string): Promise<void> {
    const ports = [...portsOf(this.#listening, node)];
    this.#listening.delete(node);
    this.#ended.delete(node);
    for (const port of ports) await this.#hosts.get(node)?.unlisten(port);
  }
}

function portsOf(all: Map<string, Set<number>>, node: string): Set<number> {
  const known = all.get(node);
  if (known !== undefined) return known;
  const fresh = new Set<number>();
  all.set(node, fresh);
  return fresh;
}
