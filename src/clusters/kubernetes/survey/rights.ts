import { z } from "zod";
import { parse } from "../../../clients/shared/parse.ts";
import type { Finding } from "../../../model/survey.ts";
import { note, ok, problem } from "../../../model/survey.ts";
import { LOCK_NAME } from "../naming.ts";
import type { Session } from "../session.ts";

/** One right that the tool uses. */
interface Need {
  readonly verbs: readonly [string, ...string[]];
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Of the one object that it is about. */
  readonly name?: string;
  /** Null: in the whole cluster. */
  readonly namespace: string | null;
  /** Null: every run needs it; else what does. */
  readonly only: string | null;
}

export interface Right extends Omit<Need, "verbs"> {
  readonly verb: string;
}

/** The namespace of desktops where an experiment names no other. */
const DESKTOPS = "blackout";
const LEASES = "kube-node-lease";
const COORDINATION = "coordination.k8s.io";

/** All that the user of the inventory has to be allowed (facts/kubernetes.md 4); `locks`: the namespace of the lock. */
export const needsOf = (locks: string): readonly Need[] => [
  needed(["get", "list", "watch"], "nodes", null),
  needed(["list"], "pods", null),
  needed(["get", "list", "watch"], "leases", LEASES, COORDINATION),
  needed(["create"], "leases", locks, COORDINATION),
  { ...needed(["get", "update", "delete"], "leases", locks, COORDINATION), name: LOCK_NAME },
  needed(["get"], "namespaces", null),
  needed(["get", "list", "watch", "delete"], "pods", DESKTOPS),
  needed(["get", "create", "delete"], "deployments", DESKTOPS, "apps"),
  needed(["get", "create", "delete"], "services", DESKTOPS),
  needed(["list", "watch"], "endpointslices", DESKTOPS, "discovery.k8s.io"),
  some(["get", "create", "delete"], "ingresses", "desktop.reach: ingress", {
    group: "networking.k8s.io",
    namespace: DESKTOPS,
  }),
  some(["create", "delete"], "namespaces", "a namespace that is not there yet", {}),
  some(["list"], "poddisruptionbudgets", "the guard of disruption budgets, which sees none now", {
    group: "policy",
  }),
  some(["patch"], "nodes", "faults cordon, drain and out-of-service", {}),
  some(["create"], "pods", "faults drain and evict", { subresource: "eviction" }),
  some(["get"], "nodes", "reading the kubelets' settings here", { subresource: "proxy" }),
];

function needed(
  verbs: Need["verbs"],
  resource: string,
  namespace: string | null,
  group = "",
): Need {
  return { verbs, resource, group, namespace, only: null };
}

function some(
  verbs: Need["verbs"],
  resource: string,
  only: string,
  more: { readonly group?: string; readonly namespace?: string; readonly subresource?: string },
): Need {
  return { verbs, resource, only, group: "", namespace: null, ...more };
}

const review = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

export interface Reviewed {
  readonly right: Right;
  readonly allowed: boolean;
}

/** Asks the API what we may do, a few at a time. A review is sent by POST and changes nothing. */
export async function reviewRights(
  session: Session,
  signal: AbortSignal,
): Promise<readonly Reviewed[]> {
  const reviewed: Reviewed[] = [];
  for (const { verbs, ...rest } of needsOf(session.cluster.lock_namespace)) {
    const rights = verbs.map((verb): Right => ({ verb, ...rest }));
    reviewed.push(
      ...(await Promise.all(rights.map(async (right) => await reviewOne(session, right, signal)))),
    );
  }
  return reviewed;
}

async function reviewOne(
  { connection }: Session,
  right: Right,
  signal: AbortSignal,
): Promise<Reviewed> {
  const { verb, group, resource, subresource, name, namespace } = right;
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const body = JSON.stringify({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: {
        verb,
        group,
        resource,
        subresource,
        name,
        namespace: namespace ?? undefined,
      },
    },
  });
  const answer = await connection.request({ method: "POST", path, body }, signal);
  return { right, allowed: parse(review, answer.data, `POST ${path}`).status.allowed };
}

export function judgeRights(cluster: string, reviewed: readonly Reviewed[]): readonly Finding[] {
  const about = { topic: "rights", subject: cluster } as const;
  const refused = reviewed.filter(({ allowed }) => !allowed).map(({ right }) => right);
  const findings = refused.map((right) => {
    const saw = `may not ${inWords(right)}`;
    return right.only === null
      ? problem(about, saw, {
          needs: "this right in a Role or ClusterRole of the inventory's user",
        })
      : note(about, saw, { needs: `it only for ${right.only}` });
  });
  return findings.some(({ level }) => level === "problem")
    ? findings
    : [ok(about, "may do all that every run needs"), ...findings];
}

function inWords({ verb, resource, subresource, name, group, namespace }: Right): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const full = group === "" ? what : `${what}.${group}`;
  return `${verb} ${full}${name === undefined ? "" : ` "${name}"`} ${namespace === null ? "in the cluster" : `in namespace ${namespace}`}`;
}
