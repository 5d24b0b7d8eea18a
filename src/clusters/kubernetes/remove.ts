import { readNode } from "../../clients/kubernetes/node-facts.ts";
import type { PodFacts } from "../../clients/kubernetes/pod-facts.ts";
import { readPod } from "../../clients/kubernetes/pod-facts.ts";
import { readList, readMetadata } from "../../clients/kubernetes/schema-parts.ts";
import type { TypedApi } from "../../clients/kubernetes/typed-api.ts";
import { typedApi } from "../../clients/kubernetes/typed-api.ts";
import { podsOf } from "./deploy.ts";
import type { KubernetesHandle } from "./naming.ts";
import { DESKTOP_LABEL, MARK } from "./naming.ts";
import { objectPaths } from "./object-paths.ts";
import type { Session } from "./session.ts";
import { get, getIfThere, hasStatus, pause } from "./session.ts";

/**
 * Deletes what bears the mark, in the order in which traffic stops first, and waits until it is gone: not before all that
 * deploying has asked for has come, or can come no more. May be repeated, and when nothing was deployed.
 */
export async function removeDesktop(
  session: Session,
  handle: KubernetesHandle,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, name, mark } = handle;
  const api = await typedApi(session.connection, signal);
  const paths = objectPaths(handle);
  const last = handle.reach === "ingress" ? paths.ingress : paths.service;
  const isComplete = async (): Promise<boolean> => await isOurs(session, last, mark, signal);
  await session.memory.late.settled({ mark, isComplete }, session.clock, signal);
  const deleteOurs = async (path: string, act: () => Promise<unknown>): Promise<void> =>
    await deleteMarked(session, { path, mark: handle.mark, act }, signal);
  await deleteOurs(
    paths.ingress,
    async () => await api.networking.deleteNamespacedIngress({ name, namespace }),
  );
  await deleteOurs(
    paths.service,
    async () => await api.core.deleteNamespacedService({ name, namespace }),
  );
  await deleteOurs(
    paths.deployment,
    async () =>
      await api.apps.deleteNamespacedDeployment({
        name,
        namespace,
        propagationPolicy: "Background",
      }),
  );
  await waitForPods(session, handle, api, signal);
  if (handle.owns_namespace) await removeNamespace(session, handle, api, signal);
}

async function deleteMarked(
  session: Session,
  thing: { readonly path: string; readonly mark: string; readonly act: () => Promise<unknown> },
  signal: AbortSignal,
): Promise<void> {
  if (!(await isOurs(session, thing.path, thing.mark, signal))) return;
  try {
    await thing.act();
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}

async function isOurs(
  session: Session,
  path: string,
  mark: string,
  signal: AbortSignal,
): Promise<boolean> {
  const there = await getIfThere(session, path, signal);
  return there !== null && readMetadata(there.data).annotations[MARK] === mark;
}

/** A pod on a dead node stays until the node is back, which is awaited; only one whose node was deleted is forced out. */
async function waitForPods(
  session: Session,
  handle: KubernetesHandle,
  { core }: TypedApi,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const pods = await podsOf(session, handle, signal);
    if (pods.length === 0) return;
    for (const { name } of await stranded(session, pods, signal)) {
      const { namespace } = handle;
      await core
        .deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 })
        .catch((error: unknown) => {
          if (!hasStatus(error, 404)) throw error;
        });
    }
    await pause(session, signal);
  }
}

async function stranded(
  session: Session,
  pods: readonly PodFacts[],
  signal: AbortSignal,
): Promise<readonly PodFacts[]> {
  const leaving = pods.filter((pod) => pod.deletion !== null && pod.node !== null);
  if (leaving.length === 0) return [];
  const nodes = readList((await get(session, "/api/v1/nodes", signal)).data, readNode);
  return leaving.filter((pod) => !nodes.some(({ name }) => name === pod.node));
}

/** Only one that this run created, and in which nobody else has started anything since. */
async function removeNamespace(
  session: Session,
  handle: KubernetesHandle,
  { core }: TypedApi,
  signal: AbortSignal,
): Promise<void> {
  const paths = objectPaths(handle);
  if (!(await isOurs(session, paths.namespace, handle.mark, signal))) return;
  const pods = readList((await get(session, paths.pods, signal)).data, readPod);
  if (pods.some((pod) => pod.labels[DESKTOP_LABEL] !== handle.name)) return;
  await deleteMarked(
    session,
    {
      path: paths.namespace,
      mark: handle.mark,
      act: async () => await core.deleteNamespace({ name: handle.namespace }),
    },
    signal,
  );
  while ((await getIfThere(session, paths.namespace, signal)) !== null) {
    await pause(session, signal);
  }
}
