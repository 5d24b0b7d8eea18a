import { DateTime } from "luxon";
import { expect, test } from "vitest";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { EventQueue } from "../../../src/twin/event-queue.ts";
import { createDesktop } from "../../../src/twin/kubernetes/desktop.ts";
import type { KubernetesTwin } from "../../../src/twin/kubernetes/kubernetes-twin.ts";
import { createKubernetesTwin } from "../../../src/twin/kubernetes/kubernetes-twin.ts";
import type { TwinEvent } from "../../../src/twin/kubernetes/twin-event.ts";
import { advance } from "./failover.ts";

const SEED = 20_261_130;
const desktop = { namespace: "desk", name: "probe", tolerationSeconds: 1 };
const NODE = "worker1";

function twinWith(options: { readonly stands: boolean; readonly writesEvents?: boolean }) {
  const queue = new EventQueue();
  const twin = createKubernetesTwin({
    settings: defaultKubernetesSettings,
    scheduler: queue,
    random: new SeededRandom(SEED),
    wallOrigin: DateTime.fromISO("2026-01-01T00:00:00Z", { zone: "utc" }),
    writesEvents: options.writesEvents ?? true,
    ...(options.stands ? { standing: { desktop, node: NODE } } : {}),
  });
  const events: TwinEvent[] = [];
  twin.subscribe((event) => events.push(event));
  return { queue, twin, events };
}

/** What the desktop consists of. */
const objectsOf = ({ store }: KubernetesTwin) =>
  [store.deployments, store.replicaSets, store.pods, store.services, store.endpointSlices].map(
    (table) => table.all().filter(({ metadata }) => metadata.namespace === desktop.namespace),
  );

/** Without what is drawn or stamped anew each time, and where it happens to run. */
const alike = (objects: unknown): unknown =>
  JSON.parse(
    JSON.stringify(objects)
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}/gu, "uid")
      .replaceAll(/containerd:\/\/[0-9a-f]+/gu, "container")
      .replaceAll(/probe(-[0-9a-f]{10})?-[bcdfghjklmnpqrstvwxz2456789]{5}/gu, "probe$1-suffix")
      .replaceAll(/"resourceVersion":"\d+"/gu, '"resourceVersion":""')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/gu, "stamp")
      .replaceAll(/10\.244\.\d+\.\d+|10\.0\.0\.\d+/gu, "address")
      .replaceAll(/worker\d/gu, "worker"),
  );

test("a desktop that stands at the beginning is what one that was deployed has become", () => {
  const deployed = twinWith({ stands: false });
  createDesktop(deployed.twin, desktop);
  advance(deployed, 60);
  expect(alike(objectsOf(twinWith({ stands: true }).twin))).toEqual(
    alike(objectsOf(deployed.twin)),
  );
});

test("it serves from the first moment, and leaves controllers and kubelets nothing to do", () => {
  const s = twinWith({ stands: true });
  const before = objectsOf(s.twin);
  const [backend] = s.twin.routes.backends(desktop.namespace, desktop.name, 6080) ?? [];
  expect(backend?.node).toBe(NODE);
  expect(s.twin.podAt(NODE, backend?.ip ?? "").phase).toBe("serving");
  advance(s, 60);
  objectsOf(s.twin).forEach((objects, index) => {
    expect(objects).toHaveLength(1);
    expect(objects[0]).toBe(before[index]?.[0]);
  });
  const renewals = s.events.filter(
    (event) => event.kind === "lease-renewed" && event.node === NODE,
  );
  expect(renewals.map(({ at }) => at / 1e9)).toEqual([10, 20, 30, 40, 50, 60]);
});

test("a cluster without Event objects does the same at the same moments", () => {
  const [written, unwritten] = [true, false].map((writesEvents) => {
    const s = twinWith({ stands: true, writesEvents });
    s.twin.powerOff(NODE);
    advance(s, 120);
    return s;
  });
  expect(written?.twin.store.events.size).toBeGreaterThan(5);
  expect(unwritten?.twin.store.events.size).toBe(0);
  expect(unwritten?.events).toEqual(written?.events);
  expect(written?.events.map(({ kind }) => kind)).toContain("evicted");
});
