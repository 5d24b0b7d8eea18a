import { describe, expect, test } from "vitest";
import { createResources } from "../../../src/lab/kubernetes/api/resources.ts";
import { answer } from "../../../src/lab/kubernetes/api/dispatch.ts";
import type { ApiWorld } from "../../../src/lab/kubernetes/api/request.ts";
import { StatusError } from "../../../src/lab/kubernetes/api/status-error.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { createDesktop } from "../../../src/twin/kubernetes/desktop.ts";
import { isReady, isTerminating } from "../../../src/twin/kubernetes/metadata.ts";
import { advance, stage } from "../../twin/kubernetes/failover.ts";

const BUDGETS = "/apis/policy/v1beta1/namespaces/desk/poddisruptionbudgets";
const SCALE = "/apis/apps/v1/namespaces/desk/deployments/probe/scale";

/** The API without sockets, in front of a twin whose time stands still between two `pass`. */
function bench() {
  const s = stage(1, defaultKubernetesSettings);
  createDesktop(s.twin, { namespace: "desk", name: "probe", tolerationSeconds: 1 });
  advance(s, 30);
  const world: ApiWorld = {
    twin: s.twin,
    resources: createResources(s.twin),
    clock: new SystemClock(),
    catchUp: () => s.queue.advanceTo(s.queue.now()),
    wallSeconds: () => 0,
  };
  const call = (method: string, path: string, body: object = {}): readonly [number, unknown] => {
    const request = {
      method,
      path,
      query: new URLSearchParams(),
      accept: "",
      contentType: method === "PATCH" ? "application/merge-patch+json" : "application/json",
      body: JSON.stringify(body),
    };
    try {
      const reply = answer(world, request, "");
      return reply.kind === "json" ? [reply.code, reply.body] : [0, null];
    } catch (error) {
      if (error instanceof StatusError) return [error.code, { error, details: error.details }];
      throw error;
    }
  };
  const selector = { matchLabels: { app: "probe" } };
  const ready = (): readonly string[] =>
    s.twin.store.pods
      .all()
      .filter((pod) => pod.metadata.namespace === "desk" && isReady(pod) && !isTerminating(pod))
      .map((pod) => pod.metadata.name);
  return {
    call,
    ready,
    pass: (duration: number) => advance(s, duration),
    scale: (replicas: number) => call("PATCH", SCALE, { spec: { replicas } }),
    budget: (name: string, spec: object) =>
      call("POST", BUDGETS, { metadata: { name }, spec: { selector, ...spec } })[0],
    statusOf: (name: string) => call("GET", `${BUDGETS}/${name}`)[1],
    evict: (pod: string | undefined) =>
      call("POST", `/api/v1/namespaces/desk/pods/${pod ?? "none"}/eviction`, {
        metadata: { name: pod },
      }),
  };
}

describe("a disruption budget in the lab", () => {
  test("refuses with 429 what it has not to give, and gives what it has once", () => {
    const b = bench();
    expect(b.budget("desk", { minAvailable: 1 })).toBe(201);
    const [first] = b.ready();
    expect(b.evict(first)).toMatchObject([
      429,
      {
        error: { reason: "TooManyRequests" },
        details: {
          causes: [
            {
              reason: "DisruptionBudget",
              message: "The disruption budget desk needs 1 healthy pods and has 1 currently",
            },
          ],
        },
      },
    ]);
    b.scale(2);
    b.pass(10);
    const [one, two] = b.ready();
    expect(b.statusOf("desk")).toMatchObject({
      status: { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 },
    });
    expect(b.evict(one)[0]).toBe(201);
    expect(b.evict(two)[0]).toBe(429);
    // It is going already: nothing more is disrupted by its going.
    expect(b.evict(one)[0]).toBe(201);
    b.pass(10);
    expect(b.evict(two)[0]).toBe(201);
  });

  test("counts in shares of what the controller wants, and rounds up", () => {
    const b = bench();
    b.scale(3);
    b.pass(10);
    expect(b.budget("some", { maxUnavailable: "50%" })).toBe(201);
    expect(b.statusOf("some")).toMatchObject({
      status: { disruptionsAllowed: 2, desiredHealthy: 1, expectedPods: 3 },
    });
    b.call("DELETE", `${BUDGETS}/some`);
    expect(b.budget("most", { minAvailable: "50%" })).toBe(201);
    expect(b.statusOf("most")).toMatchObject({
      status: { disruptionsAllowed: 1, desiredHealthy: 2, expectedPods: 3 },
    });
    expect(b.budget("second", { minAvailable: 0 })).toBe(201);
    expect(b.evict(b.ready()[0])[0]).toBe(500);
    expect(b.budget("wrong", { minAvailable: "most" })).toBe(422);
  });

  test("without a selector covers nothing", () => {
    const b = bench();
    expect(b.budget("empty", { minAvailable: 5, selector: {} })).toBe(201);
    expect(b.statusOf("empty")).toMatchObject({
      status: { disruptionsAllowed: 0, expectedPods: 0 },
    });
    expect(b.evict(b.ready()[0])[0]).toBe(201);
  });
});
