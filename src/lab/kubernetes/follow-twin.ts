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

/** From now on the network does what the twin says. A machine that boots stays silent until its kubelet runs. */
export function followTwin(twin: KubernetesTwin, followers: Followers): () => void {
  // Each change waits for the one before it; a failure belongs to a lab that is being closed.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (change: () => Promise<void>): void => {
    last = last.then(change).catch(() => undefined);
  };
  const stopListening = twin.subscribe((event) => react(event, followers, inTurn));
  const stopServices = twin.store.services.subscribe(() =>
    inTurn(async () => await followers.nodePorts.follow()),
  );
  return () => {
    stopListening();
    stopServices();
  };
}

/** The truths of the model that show on the wire; all others show in the API only. */
function react(
  event: TwinEvent,
  { hosts, pods, nodePorts }: Followers,
  inTurn: (change: () => Promise<void>) => void,
): void {
  if (event.kind === "host") {
    const host = hosts.get(event.node);
    // Death must not wait for anything.
    if (event.state !== "up") void host?.silence().catch(() => undefined);
    else {
      inTurn(async () => {
        await pods.clear(event.node);
        await host?.wake();
      });
    }
  } else if (event.kind === "pod-serving") {
    inTurn(async () => await pods.start(event.node, event.ip, event.pod));
  } else if (event.kind === "pod-stopped") {
    inTurn(async () => await pods.stop(event.node, event.ip));
  } else if (event.kind === "endpoint") {
    inTurn(async () => await nodePorts.follow());
  }
}
