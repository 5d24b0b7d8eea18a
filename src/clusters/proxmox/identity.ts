import { parse } from "../../clients/shared/parse.ts";
import { version } from "../../clients/proxmox/replies.ts";
import type { ClusterIdentity } from "../../model/cluster-facts.ts";
import { readClusterStatus } from "../../clients/proxmox/calls.ts";
import type { Session } from "./session.ts";

/** Said of a host that is not verified: it can equal no pinned fingerprint. */
export const UNVERIFIED = "not verified (api.tls is insecure)";

/** Name, CA (or pinned certificate) and version. The TLS of the call itself proves the fingerprint. */
export async function identify(session: Session, signal: AbortSignal): Promise<ClusterIdentity> {
  const { api } = session;
  const trust = await api.trust();
  const status = await readClusterStatus(api, signal);
  const cluster = status.find((entry) => entry.type === "cluster");
  // A node that is in no cluster has no entry of type cluster, and goes by its own name.
  const name = cluster?.name ?? status[0]?.name ?? "";
  const said: unknown = await api.paths(signal).version.$get();
  return {
    kind: "proxmox",
    name,
    fingerprint: trust.kind === "insecure" ? UNVERIFIED : trust.fingerprint,
    version: parse(version, said, "GET /version").version,
  };
}
