import { OperatingError } from "../../base/errors.ts";
import type { Span } from "../../base/interval.ts";
import { rangeBetween, spanOf } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { longer, milliseconds } from "../../base/time.ts";
import type { PodFacts } from "../../clients/kubernetes/pod-facts.ts";
import { readPod } from "../../clients/kubernetes/pod-facts.ts";
import { readList, readMetadata } from "../../clients/kubernetes/schema-parts.ts";
import { typedApi } from "../../clients/kubernetes/typed-api.ts";
import type { DesktopRequest } from "../../contracts/cluster-driver.ts";
import type { Whereabouts } from "../../model/cluster-facts.ts";
import type { KubernetesDesktop } from "../../model/experiment.ts";
import { deploymentFor, ingressFor, namespaceFor, serviceFor } from "./manifests.ts";
import type { KubernetesHandle } from "./naming.ts";
import { desktopSelector, MARK, nameOf } from "./naming.ts";
import { objectPaths } from "./object-paths.ts";
import type { Session } from "./session.ts";
import { get, getIfThere, hasStatus } from "./session.ts";

export type OurRequest = DesktopRequest & { readonly spec: KubernetesDesktop };

/** Chooses names, and looks whether the namespace is there; changes nothing. */
export async function prepare(
  session: Session,
  { spec, mark }: OurRequest,
  signal: AbortSignal,
): Promise<KubernetesHandle> {
  if (spec.reach.kind === "ingress" && session.cluster.ingress_url === null) {
    throw new OperatingError(
      "configuration",
      `Cannot reach a desktop by ingress as the inventory does not say where the ingress controller of ${session.cluster.name} answers: ingress_url is not set`,
    );
  }
  const name = nameOf(mark);
  session.memory.own.add(name);
  session.memory.late.prepared(mark);
  const there = await getIfThere(session, `/api/v1/namespaces/${spec.namespace}`, signal);
  return {
    kind: "kubernetes",
    namespace: spec.namespace,
    name,
    mark,
    reach: spec.reach.kind,
    owns_namespace: there === null,
  };
}

/** Creates what `prepare` chose, and waits for one ready pod. May be repeated. */
export async function deploy(
  session: Session,
  handle: KubernetesHandle,
  request: OurRequest,
  signal: AbortSignal,
): Promise<Whereabouts> {
  const { core, apps, networking } = await typedApi(session.connection, signal);
  const { namespace } = handle;
  const { spec } = request;
  session.memory.own.add(handle.name);
  const paths = objectPaths(handle);
  const create = async (path: string, make: () => Promise<unknown>): Promise<void> =>
    await createOurs(session, { path, mark: handle.mark, make }, signal);
  if (handle.owns_namespace) {
    const body = namespaceFor(handle);
    await create(paths.namespace, async () => await core.createNamespace({ body }));
  }
  await create(
    paths.service,
    async () => await core.createNamespacedService({ namespace, body: serviceFor(handle, spec) }),
  );
  if (spec.reach.kind === "ingress") {
    const body = ingressFor(handle, spec, spec.reach.host);
    await create(
      paths.ingress,
      async () => await networking.createNamespacedIngress({ namespace, body }),
    );
  }
  // Last, so that nothing else keeps us from looking while its pod is bound and starts.
  const begun = session.clock.now();
  await create(
    paths.deployment,
    async () =>
      await apps.createNamespacedDeployment({
        namespace,
        body: deploymentFor(handle, spec, request.placement),
      }),
  );
  const { place, bound, ready } = await readyPod(session, handle, begun, signal);
  session.memory.starts.deployed(handle.name, spec, rangeBetween(bound, ready));
  return place;
}

/** What is there already must be ours: left by an answer that was lost, or by a crash. */
async function createOurs(
  session: Session,
  thing: { readonly path: string; readonly mark: string; readonly make: () => Promise<unknown> },
  signal: AbortSignal,
): Promise<void> {
  try {
    await thing.make();
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
    const there = await getIfThere(session, thing.path, signal);
    if (there !== null && readMetadata(there.data).annotations[MARK] === thing.mark) return;
    throw new OperatingError(
      "unsafe",
      `Cannot deploy the desktop as something else has its name: ${thing.path} is not marked as this run's`,
      { cause: error },
    );
  }
}

/** Finer than other waits: how long the start took is an input of the prediction. */
const READY_EVERY = milliseconds(100);

interface Readiness {
  readonly place: Whereabouts;
  /** When the scheduler bound it to a node: what a failover does at once, a fresh namespace does late. */
  readonly bound: Span;
  readonly ready: Span;
}

/** `since`: when its Deployment was asked for. */
async function readyPod(
  session: Session,
  handle: KubernetesHandle,
  since: Instant,
  signal: AbortSignal,
): Promise<Readiness> {
  let last: readonly PodFacts[] = [];
  let bound: Span | null = null;
  let notYet = since;
  try {
    for (;;) {
      const asked = session.clock.now();
      last = await podsOf(session, handle, signal);
      const seen = spanOf(notYet, session.clock.now());
      if (last.some(({ node }) => node !== null)) bound ??= seen;
      const place = placeOf(last);
      if (place.node !== null) return { place, bound: bound ?? seen, ready: seen };
      notYet = asked;
      await session.clock.sleep(longer(READY_EVERY, session.clock.floor.period), signal);
    }
  } catch (error) {
    const late = error instanceof OperatingError && error.code === "timed-out" && signal.aborted;
    if (!late) throw error;
    const states = last.map((pod) => `${pod.name} is ${pod.phase} (${pod.trouble ?? "not ready"})`);
    throw new OperatingError(
      "not-reached",
      `Cannot deploy the desktop as no pod of it got ready in time: ${states.join(", ") || "there is no pod"}. See "kubectl -n ${handle.namespace} describe pods"`,
      { cause: error },
    );
  }
}

/** Pods of the desktop, old and new. */
export async function podsOf(
  session: Session,
  { namespace, name }: KubernetesHandle,
  signal: AbortSignal,
): Promise<readonly PodFacts[]> {
  const path = `/api/v1/namespaces/${namespace}/pods?${desktopSelector(name)}`;
  return readList((await get(session, path, signal)).data, readPod);
}

/** The pod that serves: ready, and not on its way out. */
export function placeOf(pods: readonly PodFacts[]): Whereabouts {
  const serving = pods.find((pod) => pod.ready && pod.deletion === null && pod.node !== null);
  return { node: serving?.node ?? null, instance: serving?.name ?? null };
}
