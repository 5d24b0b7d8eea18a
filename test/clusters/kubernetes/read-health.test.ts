import { Response } from "undici";
import { expect, test } from "vitest";
import { milliseconds } from "../../../src/base/time.ts";
import { KubernetesConnection } from "../../../src/clients/kubernetes/connection.ts";
import type { Wire } from "../../../src/clients/kubernetes/wire.ts";
import { readHealth } from "../../../src/clusters/kubernetes/read-health.ts";
import { newMemory } from "../../../src/clusters/kubernetes/session.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { aKubernetesCluster } from "../../faults/a-cluster.ts";

const NODES = ["cp1", "w1", "w2"];
const list = (items: readonly object[]): Response =>
  Response.json({ metadata: { resourceVersion: "1" }, items });
const never = new AbortController().signal;

/** Nodes whose leases are that old when told, of a server that takes that long for pods. */
async function problemsOf(renewedSecondsAgo: number, podsTakeMs: number) {
  const clock = new VirtualClock();
  const renewTime = clock.wall().minus({ seconds: renewedSecondsAgo }).toISO();
  const conditions = [{ type: "Ready", status: "True" }];
  const wire: Wire = {
    fetch: async (_server, { path }) => {
      if (path.endsWith("/pods")) await clock.sleep(milliseconds(podsTakeMs), never);
      if (path === "/apis/policy") return new Response("{}", { status: 404 });
      if (path.endsWith("/nodes")) {
        return list(NODES.map((name) => ({ metadata: { name }, status: { conditions } })));
      }
      return path.includes("/leases")
        ? list(NODES.map((name) => ({ metadata: { name }, spec: { renewTime } })))
        : list([]);
    },
    drop: () => undefined,
    close: async () => await Promise.resolve(),
  };
  const cluster = aKubernetesCluster([]);
  const secrets = { resolve: async () => await Promise.resolve("") };
  const connection = new KubernetesConnection(cluster.api, clock, secrets, wire);
  const session = { cluster, clock, connection, memory: newMemory() };
  return (await clock.runUntilSettled(readHealth(session, never))).problems;
}

test("a lease is as old as it was when it was told, however long the other answers took", async () => {
  expect(await problemsOf(29, 4500)).toEqual([]);
  expect(await problemsOf(31, 0)).toHaveLength(NODES.length);
});
