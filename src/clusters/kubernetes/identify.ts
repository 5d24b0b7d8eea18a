import { z } from "zod";
import { OperatingError } from "../../base/errors.ts";
import { parse } from "../../clients/shared/parse.ts";
import { readMetadata } from "../../clients/kubernetes/schema-parts.ts";
import type { ClusterIdentity } from "../../model/cluster-facts.ts";
import type { Session } from "./session.ts";
import { get } from "./session.ts";

const version = z.looseObject({ gitVersion: z.string() });
const group = z.looseObject({ versions: z.array(z.looseObject({ version: z.string() })) });

/** The UID of kube-system lives as long as the cluster and exists nowhere else. */
export async function identify(session: Session, signal: AbortSignal): Promise<ClusterIdentity> {
  const system = await get(session, "/api/v1/namespaces/kube-system", signal);
  const { uid } = readMetadata(system.data);
  if (uid === null) {
    throw new OperatingError(
      "protocol",
      `Cannot identify ${session.cluster.name} as the namespace kube-system has no UID: it came from ${system.server.url}`,
    );
  }
  const told = await get(session, "/version", signal);
  return {
    kind: "kubernetes",
    name: session.cluster.name,
    fingerprint: uid,
    version: parse(version, told.data, "GET /version").gitVersion,
  };
}

/** `v1` since Kubernetes 1.21, `v1beta1` before. */
export async function endpointSliceVersion(session: Session, signal: AbortSignal): Promise<string> {
  const path = "/apis/discovery.k8s.io";
  const { versions } = parse(group, (await get(session, path, signal)).data, `GET ${path}`);
  const names = versions.map((each) => each.version);
  return names.includes("v1") ? "v1" : "v1beta1";
}
