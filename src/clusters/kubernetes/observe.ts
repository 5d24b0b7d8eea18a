import { OperatingError } from "../../base/errors.ts";
import type { DurationRange, Span } from "../../base/interval.ts";
import { rangeBetween, spanInMs } from "../../base/interval.ts";
import type { KubernetesConnection } from "../../clients/kubernetes/connection.ts";
import { keepAsking } from "../../clients/kubernetes/keep-asking.ts";
import { readLease } from "../../clients/kubernetes/lease-facts.ts";
import { readNode } from "../../clients/kubernetes/node-facts.ts";
import { readPod } from "../../clients/kubernetes/pod-facts.ts";
import { readSlice } from "../../clients/kubernetes/slice-facts.ts";
import { forManyWaits } from "../../clients/shared/many-waits.ts";
import type { ControlPlaneEvent } from "../../model/cluster-facts.ts";
import type { Change } from "./change.ts";
import type { Follower } from "./follow.ts";
import { follow } from "./follow.ts";
import type { KubernetesHandle } from "./naming.ts";
import { desktopSelector } from "./naming.ts";
import { nodeChanges } from "./node-changes.ts";
import { podChanges, podGone } from "./pod-changes.ts";
import { sliceChanges } from "./slice-changes.ts";

export const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

export interface Watching {
  readonly victim: () => string | null;
  readonly onEvent: (event: ControlPlaneEvent) => void;
  /** A lease was renewed, and seen to be, at that moment. */
  readonly onRenewal: (node: string, seen: Span) => void;
  /** A pod that took another one's place is Ready: so long after it was bound to a node. */
  readonly onStart: (took: DurationRange) => void;
  /** `v1` or `v1beta1`: which discovery.k8s.io the cluster has. */
  readonly sliceVersion: string;
}

/** Watches nodes, the desktop's pods, its endpoints and the nodes' leases side by side until `signal` is aborted. */
export async function observeDesktop(
  connection: KubernetesConnection,
  desktop: KubernetesHandle,
  watching: Watching,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const whole = forManyWaits(AbortSignal.any([signal, failed.signal]));
  const inNamespace = `/namespaces/${desktop.namespace}`;
  const tasks = [
    follow(connection, nodesFollower(watching), whole),
    follow(connection, podsFollower(watching, `/api/v1${inNamespace}/pods`, desktop), whole),
    follow(
      connection,
      slicesFollower(
        watching,
        `/apis/discovery.k8s.io/${watching.sliceVersion}${inNamespace}/endpointslices`,
        desktop,
      ),
      whole,
    ),
    follow(connection, leasesFollower(watching), whole).catch(ignoreMissingRights),
    keepAsking(connection, whole),
  ];
  try {
    await Promise.all(tasks);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(tasks);
    if (!signal.aborted) throw error;
  }
}

function nodesFollower(watching: Watching): Follower<ReturnType<typeof readNode>> {
  const path = "/api/v1/nodes";
  const tell = telling(watching, path);
  return {
    collection: { path, query: "", checked: true },
    read: readNode,
    changed: ({ before, now, seen, baseline }) => {
      if (!baseline) tell(nodeChanges(before, now, watching.victim()), seen);
    },
    gone: (before, seen) => {
      tell(nodeChanges(before, { ...before, ready: "Unknown" }, watching.victim()), seen);
    },
    gap: gapTeller(tell),
  };
}

function podsFollower(
  watching: Watching,
  path: string,
  desktop: KubernetesHandle,
): Follower<ReturnType<typeof readPod>> {
  const tell = telling(watching, path);
  const bound = new Map<string, Span>();
  return {
    collection: { path, query: desktopSelector(desktop.name), checked: true },
    read: readPod,
    changed: ({ before, now, seen, baseline }) => {
      if (baseline) return;
      tell(podChanges(before, now, watching.victim()), seen);
      if (now.node !== null && (before?.node ?? null) === null) bound.set(now.name, seen);
      const since = bound.get(now.name);
      if (since === undefined || !now.ready) return;
      bound.delete(now.name);
      watching.onStart(rangeBetween(since, seen));
    },
    gone: (before, seen) => tell(podGone(before, watching.victim()), seen),
    gap: gapTeller(tell),
  };
}

function slicesFollower(
  watching: Watching,
  path: string,
  desktop: KubernetesHandle,
): Follower<ReturnType<typeof readSlice>> {
  const tell = telling(watching, path);
  const selector = encodeURIComponent(`kubernetes.io/service-name=${desktop.name}`);
  return {
    collection: { path, query: `labelSelector=${selector}`, checked: true },
    read: readSlice,
    changed: ({ before, now, seen, baseline }) => {
      if (!baseline) tell(sliceChanges(before, now), seen);
    },
    gone: () => undefined,
    gap: gapTeller(tell),
  };
}

/** How old the victim's lease is at the kill decides when it is missed: just before, and by what came until it died. */
function leasesFollower(watching: Watching): Follower<ReturnType<typeof readLease>> {
  const tell = telling(watching, LEASES);
  return {
    collection: { path: LEASES, query: "", checked: false },
    read: readLease,
    changed: ({ before, now: { name, renewTime }, seen }) => {
      if (before === undefined || before.renewTime === renewTime) return;
      watching.onRenewal(name, seen);
      if (name !== watching.victim()) return;
      const about = { node: name, instance: null, stamp: renewTime, raw: {} };
      tell([{ ...about, kind: "lease-renewed" }], seen);
    },
    gone: () => undefined,
    gap: () => undefined,
  };
}

const telling =
  (watching: Watching, path: string) =>
  (changes: readonly Change[], seen: Span): void => {
    for (const change of changes) {
      watching.onEvent({ ...change, observed_ms: spanInMs(seen), source: `watch ${path}` });
    }
  };

const gapTeller =
  (tell: (changes: readonly Change[], seen: Span) => void) =>
  (seen: Span, why: string, server: string): void => {
    const raw = { why, server };
    tell([{ kind: "observation-gap", node: null, instance: null, stamp: null, raw }], seen);
  };

function ignoreMissingRights(error: unknown): void {
  if (error instanceof OperatingError && error.code === "denied") return;
  throw error;
}
