import type { KubernetesTwin } from "../../twin/kubernetes/kubernetes-twin.ts";
import type { TwinEvent } from "../../twin/kubernetes/twin-event.ts";
import type { LabHost } from "../network/network.ts";
import type { NodePorts } from "./data-plane/node-ports.ts";
import type { PodNetwork } from "./data-plane/pod-network.ts";

export interface Followers {
  readonly hosts: ReadonlyMap<string, LabHost>;
  readonly pods: PodNetwork;
  readonly nodePorts: NodePorts;
}

/**
 * From now on the network does what the twin says. A machine that boots stays silent until its kubelet runs; one whose link
 * is down is as silent, with everything on it going on.
 */
export function followTwin(twin: KubernetesTwin, followers: Followers): () => void {
  const follower = new Follower(twin, followers);
  const stopListening = twin.subscribe((event) => follower.react(event));
  const stopServices = twin.store.services.subscribe(() => follower.followServices());
  return () => {
    stopListening();
    stopServices();
  };
}

class Follower {
  readonly #twin: KubernetesTwin;
  readonly #followers: Followers;
  /** Each change waits for the one before it; a failure belongs to a lab that is being closed. */
  #last: Promise<void> = Promise.resolve();

  constructor(twin: KubernetesTwin, followers: Followers) {
    this.#twin = twin;
    this.#followers = followers;
  }

  /** The truths of the model that show on the wire; all others show in the API only. */
  react(event: TwinEvent): void {
    const { pods } = this.#followers;
    if (event.kind === "host") {
      if (event.state === "up") this.#wake(event.node, async () => await pods.clear(event.node));
      else this.#silence(event.node, async () => await pods.fallSilent(event.node));
    } else if (event.kind === "link") {
      if (event.up) this.#wake(event.node, null);
      else this.#silence(event.node, null);
    } else if (event.kind === "pod-serving") {
      this.#inTurn(async () => await pods.start(event.node, event.ip, event.pod));
    } else if (event.kind === "pod-stopped") {
      const isEnding = this.#twin.isShuttingDown(event.node);
      this.#inTurn(async () => await pods.stop(event.node, event.ip, isEnding));
    } else if (event.kind === "endpoint") {
      this.followServices();
    }
  }

  followServices(): void {
    this.#inTurn(async () => await this.#followers.nodePorts.follow());
  }

  /** Death must not wait for anything. */
  #silence(node: string, then: (() => Promise<void>) | null): void {
    void this.#followers.hosts
      .get(node)
      ?.silence()
      .catch(() => undefined);
    if (then !== null) this.#inTurn(then);
  }

  /** What woke a machine may be over when its turn comes. */
  #wake(node: string, first: (() => Promise<void>) | null): void {
    this.#inTurn(async () => {
      await first?.();
      if (this.#twin.isOnline(node)) await this.#followers.hosts.get(node)?.wake();
    });
  }

  #inTurn(change: () => Promise<void>): void {
    this.#last = this.#last.then(change).catch(() => undefined);
  }
}
