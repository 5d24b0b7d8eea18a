import { z } from "zod";
import { OperatingError } from "../../base/errors.ts";
import type { NodeFacts } from "../../clients/kubernetes/node-facts.ts";
import { readNode } from "../../clients/kubernetes/node-facts.ts";
import { readList } from "../../clients/kubernetes/schema-parts.ts";
import { parse } from "../../clients/shared/parse.ts";
import type { NovncEndpoint } from "../../contracts/endpoint.ts";
import type { KubernetesDesktop } from "../../model/experiment.ts";
import { placeOf, podsOf } from "./deploy.ts";
import type { KubernetesHandle } from "./naming.ts";
import { objectPaths } from "./object-paths.ts";
import type { Session } from "./session.ts";
import { get } from "./session.ts";

/** The way in from outside, which must not lead through the victim. */
export async function endpointOf(
  session: Session,
  handle: KubernetesHandle,
  ask: { readonly spec: KubernetesDesktop; readonly victim: string | null },
  signal: AbortSignal,
): Promise<NovncEndpoint> {
  const { reach } = ask.spec;
  switch (reach.kind) {
    case "ingress":
      return novnc(ingressUrl(session), ask.spec, reach.host);
    case "node-port":
      return novnc(await nodePortUrl(session, handle, ask.victim, signal), ask.spec, null);
    case "url":
      return novnc(
        reach.url.replaceAll("{namespace}", handle.namespace).replaceAll("{service}", handle.name),
        ask.spec,
        null,
      );
  }
}

/** Page and WebSocket lie below the base, which may have a path of its own. */
export function novnc(base: string, spec: KubernetesDesktop, host: string | null): NovncEndpoint {
  const below = (path: string): string =>
    `${base.replace(/\/+$/u, "")}/${path.replace(/^\/+/u, "")}`;
  return {
    kind: "novnc",
    page_url: below(spec.page),
    websocket_url: below(spec.websocket).replace(/^http/u, "ws"),
    host_header: host,
    vnc_password: spec.vnc_password,
    ca_pem: null,
  };
}

function ingressUrl({ cluster }: Session): string {
  if (cluster.ingress_url !== null) return cluster.ingress_url;
  throw new OperatingError(
    "configuration",
    `Cannot reach a desktop by ingress as ${cluster.name} has none in the inventory: ingress_url is not set`,
  );
}

const service = z.looseObject({
  spec: z.looseObject({ ports: z.array(z.looseObject({ nodePort: z.number() })).min(1) }),
});

async function nodePortUrl(
  session: Session,
  handle: KubernetesHandle,
  victim: string | null,
  signal: AbortSignal,
): Promise<string> {
  const path = objectPaths(handle).service;
  const { spec } = parse(service, (await get(session, path, signal)).data, `GET ${path}`);
  const nodes = readList((await get(session, "/api/v1/nodes", signal)).data, readNode);
  const { node: home } = placeOf(await podsOf(session, handle, signal));
  const way = bestWayIn(nodes, victim, home);
  const named = session.cluster.nodes.find(({ name }) => name === way?.name);
  const address = named?.address ?? way?.address ?? null;
  if (address === null) {
    throw new OperatingError(
      "not-reached",
      `Cannot reach a desktop by NodePort as no ready node but the victim has an address: the victim is ${victim ?? "not known"}`,
    );
  }
  const host = address.includes(":") ? `[${address}]` : address;
  return `http://${host}:${spec.ports[0]?.nodePort ?? 0}`;
}

/** A worker on which the desktop is not, as that one may become the victim; the desktop's own node as a last resort. */
export function bestWayIn(
  nodes: readonly NodeFacts[],
  victim: string | null,
  home: string | null,
): NodeFacts | null {
  const rank = (node: NodeFacts): number =>
    (node.name === home ? 2 : 0) + (node.controlPlane ? 1 : 0);
  const ways = nodes
    .filter((node) => node.ready === "True" && node.name !== victim)
    .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return ways[0] ?? null;
}
