import { afterEach, describe, expect, it } from "vitest";
import { tlsWire } from "../../src/clients/kubernetes/wire.ts";
import { createKubernetesDriver } from "../../src/clusters/kubernetes/kubernetes-driver.ts";
import type { Mishap, Taker } from "../clusters/kubernetes/lock-bench.ts";
import {
  losing,
  meddling,
  NEVER,
  noteOf,
  renewed,
  taker,
} from "../clusters/kubernetes/lock-bench.ts";
import { leaseStory } from "../lab/kubernetes/lease-story.ts";
import { bootOf, clock, onWorker, secrets } from "./on-worker.ts";
import { sharedCluster } from "./shared-cluster.ts";

const shared = sharedCluster();
const closing: (() => Promise<void>)[] = [];
const someone = (mishap: Mishap = {}): Taker => {
  const made = taker({ cluster: shared.inventory(), clock, secrets }, mishap);
  closing.push(made.close);
  return made;
};
afterEach(async () => {
  if (!shared.skip) await someone().lock.release("one", NEVER);
  for (const close of closing.splice(0)) await close();
});

describe.skipIf(shared.skip)(`the lock of a real cluster${shared.note}`, () => {
  it("is had by exactly one of those who take it at once, and by its note alone", async () => {
    const answers = await Promise.all(
      ["one", "one", "one", "two", "two"].map(
        async (run) => await someone().lock.take(noteOf(run), NEVER),
      ),
    );
    const { lock } = someone();
    const holder = (await lock.read(NEVER))?.run ?? "";
    expect(answers.filter((answer) => answer === null)).toHaveLength(holder === "one" ? 3 : 2);
    const later = renewed(noteOf(holder), 60);
    await lock.write(later, NEVER);
    expect(await lock.read(NEVER)).toEqual(later);
    await lock.release("another", NEVER);
    expect(await lock.read(NEVER)).toEqual(later);
    await lock.release(holder, NEVER);
    expect(await lock.read(NEVER)).toBeNull();
  });

  it("outlives lost answers", async () => {
    const lost = someone(losing("POST", 1));
    expect(await lost.lock.take(noteOf("one"), NEVER)).toBeNull();
    expect(lost.sent.filter((each) => each.startsWith("POST"))).toHaveLength(2);
    const later = renewed(noteOf("one"), 60);
    await someone(losing("PUT", 1)).lock.write(later, NEVER);
    expect(await lost.lock.read(NEVER)).toEqual(later);
    await someone(losing("DELETE", 1)).lock.release("one", NEVER);
    expect(await lost.lock.read(NEVER)).toBeNull();
  });

  it("is not made anew by a write that arrives after it was given back", async () => {
    const slow = someone(meddling("PUT", async () => await someone().lock.release("one", NEVER)));
    await slow.lock.take(noteOf("one"), NEVER);
    await expect(slow.lock.write(renewed(noteOf("one"), 60), NEVER)).rejects.toMatchObject({
      code: "unsafe",
    });
    expect(await slow.lock.read(NEVER)).toBeNull();
  });

  it("rests on Leases that are what they are in the lab", async () => {
    const { api } = shared.inventory();
    const wire = tlsWire(api, clock, secrets);
    const [server] = api.servers;
    closing.push(async () => await wire.close());
    await leaseStory(async (method, path, body) => {
      if (server === undefined) throw new Error("no API server");
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await wire.fetch(server, { method, path, ...text }, NEVER);
      return { status: response.status, body: await response.json() };
    });
    expect(server).toBeDefined();
  });
});

describe.skipIf(shared.skip)(`what guards want to know of a real cluster${shared.note}`, () => {
  const metadata = { name: "budgeted" };
  const labels = { app: "budgeted" };
  const selector = { matchLabels: labels };
  const POD = "/api/v1/namespaces/default/pods";
  const BUDGET = "/apis/policy/v1beta1/namespaces/default/poddisruptionbudgets";

  it("is told by the API: machines, and budgets that a loss would break", async () => {
    const cluster = shared.inventory();
    const driver = createKubernetesDriver({ cluster, clock, secrets });
    const { call, make } = someone();
    await make(POD, {
      metadata: { ...metadata, labels },
      spec: { nodeName: "worker-2", containers: [{ name: "a", image: "registry.invalid/none" }] },
    });
    await make(BUDGET, { metadata, spec: { minAvailable: 1, selector } });
    try {
      await expect
        .poll(async () => (await driver.health(NEVER)).nodes.flatMap(({ budgets }) => budgets), {
          timeout: 20_000,
        })
        .toEqual([
          "budget default/budgeted allows 0 disruptions, and 1 of its pods is on worker-2",
        ]);
      const { nodes } = await driver.health(NEVER);
      const machine = nodes.find(({ name }) => name === "worker-2")?.machine;
      expect(machine).toEqual({
        boot_id: await bootOf(cluster, "worker-2"),
        machine_id: await onWorker(cluster, "worker-2", "cat /etc/machine-id"),
        addresses: [cluster.nodes.find(({ name }) => name === "worker-2")?.address],
      });
    } finally {
      await call("DELETE", `${BUDGET}/budgeted`);
      await call("DELETE", `${POD}/budgeted`, { gracePeriodSeconds: 0 });
      await driver.close();
    }
  });
});
