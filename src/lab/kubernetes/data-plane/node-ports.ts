import type { Socket } from "node:net";
import type { Service } from "../../../twin/kubernetes/objects.ts";
import type { Backend } from "../../../twin/kubernetes/routes.ts";
import { nodePortsOf } from "../api/service-admission.ts";
import type { DataPlaneWorld } from "./ingress-server.ts";
import { connectToPod, joinSockets } from "./upstream.ts";

/**
 * The kube-proxies: a node port is open on every node while its Service has a ready endpoint, and refuses otherwise. A
 * connection that goes to a dead pod stays silent.
 */
export class NodePorts {
  readonly #world: DataPlaneWorld;
  readonly #open = new Map<number, string>();
  #last: Promise<void> = Promise.resolve();

  constructor(world: DataPlaneWorld) {
    this.#world = world;
  }

  /** Opens and closes what changed. One change after another. */
  async follow(): Promise<void> {
    const done = this.#last.then(async () => await this.#apply());
    this.#last = done.catch(() => undefined);
    await done;
  }

  async #apply(): Promise<void> {
    const wanted = new Map<number, string>();
    for (const service of this.#world.twin.store.services.all()) {
      for (const port of nodePortsOf(service)) {
        const key = `${service.metadata.namespace ?? ""}/${service.metadata.name}`;
        if (this.#targets(key, port).length > 0) wanted.set(port, key);
      }
    }
    const hosts = [...this.#world.hosts.values()];
    for (const [port, key] of this.#open) {
      if (wanted.get(port) === key) continue;
      this.#open.delete(port);
      for (const host of hosts) await host.unlisten(port);
    }
    for (const [port, key] of wanted) {
      if (this.#open.has(port)) continue;
      this.#open.set(port, key);
      for (const host of hosts) await host.listen(port, (socket) => this.#relay(socket, key, port));
    }
  }

  #targets(key: string, nodePort: number): readonly Backend[] {
    const { store, routes } = this.#world.twin;
    const [namespace = "", name = ""] = key.split("/");
    const service: Service | undefined = store.services.get(namespace, name);
    const port = service?.spec.ports?.find((each) => each.nodePort === nodePort);
    return port === undefined ? [] : (routes.backends(namespace, name, port.port) ?? []);
  }

  #relay(socket: Socket, key: string, nodePort: number): void {
    socket.on("error", () => undefined);
    this.#world.catchUp();
    const [backend] = this.#targets(key, nodePort);
    if (backend === undefined) {
      socket.resetAndDestroy();
      return;
    }
    const gone = new AbortController();
    socket.once("close", () => gone.abort(new Error("the client left")));
    void connectToPod(this.#world.hosts, backend, {
      clock: this.#world.clock,
      signal: gone.signal,
    }).then((upstream) => {
      if (upstream.kind === "connected") joinSockets(socket, upstream.socket);
      else if (upstream.kind === "refused") socket.resetAndDestroy();
      return undefined;
    });
  }
}
