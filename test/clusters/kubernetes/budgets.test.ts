import { afterEach, describe, expect, it } from "vitest";
import { readBudget } from "../../../src/clients/kubernetes/budget-facts.ts";
import { KubernetesConnection } from "../../../src/clients/kubernetes/connection.ts";
import { brokenBudgets, readBudgets } from "../../../src/clusters/kubernetes/budgets.ts";
import type { Session } from "../../../src/clusters/kubernetes/session.ts";
import { newMemory } from "../../../src/clusters/kubernetes/session.ts";
import { json, startMiniCluster } from "../../clients/kubernetes/mini-api.ts";
import { quickClock } from "../../clients/quick-clock.ts";
import { aKubernetesCluster } from "../../faults/a-cluster.ts";
import { budget, pod } from "./facts.ts";

const never = new AbortController().signal;
const web = (name: string, change: Parameters<typeof pod>[1] = {}) =>
  pod(name, { labels: { app: "web", tier: "front" }, ...change });

describe("brokenBudgets", () => {
  it.each([
    [0, 1, "allows 0 disruptions, and 1 of its pods is on w1"],
    [1, 2, "allows 1 disruption, and 2 of its pods are on w1"],
    [2, 3, "allows 2 disruptions, and 3 of its pods are on w1"],
  ])("that allow %d and would lose %d", (allowed, lost, words) => {
    const pods = Array.from({ length: lost }, (_each, index) => web(`web-${index}`));
    expect(brokenBudgets([budget("web", { allowed })], "w1", pods)).toEqual([
      `budget default/web ${words}`,
    ]);
    expect(brokenBudgets([budget("web", { allowed: lost })], "w1", pods)).toEqual([]);
  });

  it("are of the pods' own namespace, and none of pods that are on their way out", () => {
    const none = budget("web", { allowed: 0 });
    expect(brokenBudgets([none], "w1", [web("a", { namespace: "another" })])).toEqual([]);
    expect(brokenBudgets([none], "w1", [web("a", { deletion: "2026-01-01T00:00:00Z" })])).toEqual(
      [],
    );
    expect(brokenBudgets([none], "w1", [])).toEqual([]);
  });

  it.each([
    ["In", "tier", ["front", "back"], true],
    ["In", "tier", ["back"], false],
    ["In", "zone", ["front"], false],
    ["NotIn", "tier", ["back"], true],
    ["NotIn", "tier", ["front"], false],
    ["NotIn", "zone", ["a"], true],
    ["Exists", "tier", [], true],
    ["Exists", "zone", [], false],
    ["DoesNotExist", "zone", [], true],
    ["DoesNotExist", "tier", [], false],
    ["OfALaterRelease", "tier", [], true],
  ])("whose selector has %s %s %j: %s", (operator, key, values, covered) => {
    const matchExpressions = [{ key, operator, values }];
    const selector = { matchLabels: { app: "web" }, matchExpressions };
    const found = brokenBudgets([budget("web", { allowed: 0, selector })], "w1", [web("a")]);
    expect(found).toHaveLength(covered ? 1 : 0);
  });

  it("cover no pod without a selector, and all of the namespace with an empty one", () => {
    const empty = { matchLabels: {}, matchExpressions: [] };
    const of = (selector: typeof empty | null) =>
      brokenBudgets([budget("web", { allowed: 0, selector })], "w1", [web("a")]).length;
    expect(of(null)).toBe(0);
    expect(of(empty)).toBe(1);
  });
});

const metadata = { name: "web", namespace: "prod", generation: 2 };
const object = (status: object, selector: object | null = { matchLabels: { app: "web" } }) => ({
  metadata,
  spec: { selector },
  status,
});

describe("readBudget", () => {
  it("trusts the status only where it is of the budget as it is", () => {
    const judged = object({ disruptionsAllowed: 3, observedGeneration: 2 });
    expect(readBudget(judged)).toMatchObject({ namespace: "prod", name: "web", allowed: 3 });
    const old = object({ disruptionsAllowed: 3, observedGeneration: 1 });
    expect(readBudget(old).allowed).toBe(0);
    expect(readBudget({ metadata: { name: "new" } })).toMatchObject({ allowed: 0, selector: null });
  });
});

const group = (...versions: readonly string[]) => ({
  versions: versions.map((version) => ({ version })),
});

describe("readBudgets", () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  /** An API server that answers these paths, and 404 or `otherwise` to all others. */
  async function serving(paths: Readonly<Record<string, unknown>>, otherwise = 404) {
    const mini = await startMiniCluster(1);
    const [server] = mini.servers;
    if (server === undefined) throw new Error("no server");
    server.answer = ({ url = "" }, response) => {
      if (url in paths) json(response, paths[url]);
      else json(response, { kind: "Status" }, otherwise);
    };
    const clock = quickClock();
    const connection = new KubernetesConnection(mini.api, clock, { resolve: async () => "token" });
    closing.push(async () => await mini.close());
    closing.push(async () => await connection.close());
    const cluster = { ...aKubernetesCluster([]), api: mini.api };
    const session: Session = { cluster, clock, connection, memory: newMemory() };
    return { session, server };
  }
  const status = { disruptionsAllowed: 1, observedGeneration: 2 };
  const items = [object(status), object(status, {}), object(status, null)];

  it("asks for the newest version; an empty selector covers no pod in the old one", async () => {
    const newer = await serving({
      "/apis/policy": group("v1beta1", "v1"),
      "/apis/policy/v1/poddisruptionbudgets": { items },
    });
    const found = await readBudgets(newer.session, never);
    expect(found.budgets.map(({ selector }) => selector === null)).toEqual([false, false, true]);
    const older = await serving({
      "/apis/policy": group("v1beta1"),
      "/apis/policy/v1beta1/poddisruptionbudgets": { items },
    });
    expect((await readBudgets(older.session, never)).budgets).toHaveLength(1);
  });

  it("finds none where the API has none, and says so where it may not see them", async () => {
    const without = await serving({});
    expect(await readBudgets(without.session, never)).toEqual({ budgets: [], hidden: null });
    const forbidden = await serving({ "/apis/policy": group("v1") }, 403);
    expect(await readBudgets(forbidden.session, never)).toEqual({
      budgets: [],
      hidden: {
        saw: expect.stringMatching(/^no budget can be read: .*403/u),
        needs: expect.stringContaining("list poddisruptionbudgets"),
      },
    });
    expect(forbidden.server.requests).toHaveLength(2);
  });

  it("rejects when the API says neither", async () => {
    const broken = await serving({ "/apis/policy": group("v1") }, 500);
    await expect(readBudgets(broken.session, never)).rejects.toMatchObject({ code: "rejected" });
  });
});
