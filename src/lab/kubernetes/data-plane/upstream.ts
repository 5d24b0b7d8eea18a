import type { Socket } from "node:net";
import { connect } from "node:net";
import { either } from "../../../base/abort.ts";
import { seconds } from "../../../base/time.ts";
import type { Clock } from "../../../contracts/clock.ts";
import type { Backend } from "../../../twin/kubernetes/routes.ts";
import type { LabHost } from "../../network/network.ts";
import { podPort } from "../ports.ts";

/** ingress-nginx `proxy-connect-timeout`. */
const CONNECT_LIMIT = seconds(5);

export type Upstream =
  | { readonly kind: "connected"; readonly socket: Socket }
  /** Nothing listens there: 502. */
  | { readonly kind: "refused" }
  /** Silence: the pod's node is dead, and the API does not know it yet: 504. */
  | { readonly kind: "silent" };

/** Connects to a pod as an ingress or a kube-proxy on another machine would. */
export async function connectToPod(
  hosts: ReadonlyMap<string, LabHost>,
  backend: Backend,
  world: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Upstream> {
  const host = hosts.get(backend.node);
  if (host === undefined) return { kind: "refused" };
  const limit = either(world.signal, world.clock.timeout(CONNECT_LIMIT));
  return await new Promise((resolve) => {
    const socket = connect({ host: host.address, port: podPort(backend.ip) });
    const settle = (upstream: Upstream): void => {
      limit.removeEventListener("abort", onLimit);
      if (upstream.kind !== "connected") socket.destroy();
      resolve(upstream);
    };
    const onLimit = (): void => settle({ kind: "silent" });
    limit.addEventListener("abort", onLimit, { once: true });
    socket.once("connect", () => settle({ kind: "connected", socket }));
    socket.on("error", () => settle({ kind: "refused" }));
  });
}

/** Passes bytes both ways until one side ends; a broken one breaks the other. */
export function joinSockets(a: Socket, b: Socket): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.once("close", () => {
      if (from.errored === null) to.end();
      else to.destroy();
    });
  }
}
