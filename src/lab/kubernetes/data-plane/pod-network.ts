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
    const ports = this.#portsOf(node);
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

  async stop(node: string, ip: string): Promise<void> {
    if (this.#portsOf(node).delete(podPort(ip))) await this.#hosts.get(node)?.unlisten(podPort(ip));
  }

  /** The node has booted: nothing of before the cut runs any more. */
  async clear(node: string): Promise<void> {
    const ports = [...this.#portsOf(node)];
    this.#portsOf(node).clear();
    for (const port of ports) await this.#hosts.get(node)?.unlisten(port);
  }

  #portsOf(node: string): Set<number> {
    const known = this.#listening.get(node);
    if (known !== undefined) return known;
    const fresh = new Set<number>();
    this.#listening.set(node, fresh);
    return fresh;
  }
}
