import type { ClusterIdentity } from "../../model/cluster-facts.ts";
import type { Cluster } from "../../model/inventory.ts";
import type { Finding, Paste } from "../../model/survey.ts";
import { note, ok, problem } from "../../model/survey.ts";
import { identityRefusals } from "../guard.ts";

/** Is it the cluster that is pinned; and what is not pinned yet, ready to be. */
export function identityFindings(cluster: Cluster, seen: ClusterIdentity): readonly Finding[] {
  const about = { topic: "identity", subject: cluster.name } as const;
  const [refusal] = identityRefusals(seen, pinnedIdentity(cluster));
  if (refusal !== undefined) {
    return [
      problem(about, `another cluster: ${refusal.saw}`, {
        needs: `${refusal.needs}, as the inventory pins it: point the api at the right cluster, or pin this one`,
      }),
    ];
  }
  const saw = `${seen.name}, ${seen.version}, ${seen.fingerprint}`;
  const { paste, verify } = missingPins(cluster, seen);
  if (Object.keys(paste).length > 0) {
    return [
      note(about, `${saw}; not pinned`, {
        needs: `it pinned, so that no other cluster is ever touched, after ${verify} has shown the same`,
        paste: { identity: paste },
      }),
    ];
  }
  return cluster.api.tls.kind === "insecure"
    ? [note(about, `${saw}; whoever answers may say so, as api.tls is insecure`)]
    : [ok(about, `${saw}; as pinned`)];
}

/** Who the inventory says that the cluster is. */
export const pinnedIdentity = (
  cluster: Cluster,
): { readonly name: string | null; readonly fingerprint: string | null } =>
  cluster.kind === "proxmox"
    ? { name: cluster.identity.name, fingerprint: cluster.identity.ca_fingerprint }
    : { name: null, fingerprint: cluster.identity.kube_system_uid };

function missingPins(
  cluster: Cluster,
  seen: ClusterIdentity,
): { readonly paste: Paste; readonly verify: string } {
  if (cluster.kind === "kubernetes") {
    const missing = cluster.identity.kube_system_uid === null;
    return {
      paste: missing ? { kube_system_uid: seen.fingerprint } : {},
      verify: `"kubectl get namespace kube-system -o jsonpath={.metadata.uid}" on a control-plane node`,
    };
  }
  const { name, ca_fingerprint } = cluster.identity;
  // Only a CA stands for the whole cluster: a pinned certificate is one host's, and an unverified one is anybody's.
  const byCa = cluster.api.tls.kind === "ca" && ca_fingerprint === null;
  return {
    paste: {
      ...(name === null ? { name: seen.name } : {}),
      ...(byCa ? { ca_fingerprint: seen.fingerprint } : {}),
    },
    verify: `"pvecm status; openssl x509 -in /etc/pve/pve-root-ca.pem -noout -fingerprint -sha256" on a node's own console`,
  };
}
