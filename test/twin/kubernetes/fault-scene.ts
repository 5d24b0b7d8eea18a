import { expect } from "vitest";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { createDesktop } from "../../../src/twin/kubernetes/desktop.ts";
import type { Stage } from "./failover.ts";
import { advance, stage } from "./failover.ts";

export const seeds = Array.from({ length: 100 }, (_, index) => index + 1);
const { assumed } = defaultKubernetesSettings;
/** From the eviction to traffic on the new pod, in seconds, if its process is probed as soon as it answers. */
export const STARTING =
  (assumed.schedule_ms +
    assumed.container_start_ms +
    assumed.desktop_start_ms +
    assumed.endpoint_propagation_ms) /
  1000;
export const PROPAGATION = assumed.endpoint_propagation_ms / 1000;
export const BOOT = assumed.node_boot_ms / 1000;
export const SHUTDOWN = assumed.node_shutdown_ms / 1000;
/** `periodSeconds` of the readiness probe in the product's manifest. */
export const PROBE_PERIOD = 1;

/**
 * A closed formula gives when it would be if the desktop's process were probed as soon as it answers. The probe comes up to
 * a period later: anything in that range is right, and nothing else, in seconds.
 */
export function expectProbed(measured: number | null, formula: number, seed: number): void {
  expect(measured, `seed ${seed}`).toBeGreaterThan(formula - 1e-6);
  expect(measured, `seed ${seed}`).toBeLessThan(formula + PROBE_PERIOD + 1e-6);
}

/** A desktop that has been up for a while, and the node it is on. */
export function settled(
  seed: number,
  toleration: number | null,
  settings = defaultKubernetesSettings,
) {
  const s = stage(seed, settings);
  createDesktop(s.twin, { namespace: "desk", name: "probe", tolerationSeconds: toleration });
  advance(s, 60 + 20 * s.random.next());
  return { ...s, victim: s.pod(), start: s.queue.now() };
}

export const nodeOf = (s: Stage, name: string) => s.twin.store.nodes.get("", name);
export const taintsOf = (s: Stage, name: string) =>
  (nodeOf(s, name)?.spec.taints ?? []).map(({ key, effect }) => `${key.split("/")[1]}:${effect}`);
export const readyOf = (s: Stage, name: string) =>
  nodeOf(s, name)?.status.conditions?.find(({ type }) => type === "Ready");
export const podOf = (s: Stage, name: string) => s.twin.store.pods.get("desk", name);
export const phaseOf = (s: Stage, pod: { name: string; node: string }) =>
  s.twin.podAt(pod.node, podOf(s, pod.name)?.status.podIP ?? "").phase;

/** What a client writes into a node's spec. */
export function change(s: Stage, name: string, spec: object): void {
  const node = nodeOf(s, name);
  if (node !== undefined) s.twin.store.nodes.update({ ...node, spec: { ...node.spec, ...spec } });
}
