import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { seconds } from "../../src/base/time.ts";
import { KubernetesConnection } from "../../src/clients/kubernetes/connection.ts";
import { typedApi } from "../../src/clients/kubernetes/typed-api.ts";
import type { KubernetesDesktop } from "../../src/model/experiment.ts";
import { createKubernetesDriver } from "../../src/clusters/kubernetes/kubernetes-driver.ts";
import { desktop, request, secrets, startScene } from "../clusters/kubernetes/lab-scene.ts";
import { noteOf } from "../clusters/kubernetes/lock-bench.ts";
import type { Access } from "./access.ts";
import { accessOf, allows, objectsIn, permissionsIn } from "./access.ts";

const ROOT = join(import.meta.dirname, "../..");
const never = new AbortController().signal;
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const base = objectsIn(read("docs/kubernetes-rbac.yaml"));
const optional = objectsIn(read("docs/kubernetes-rbac-optional.yaml"));
const spec = (namespace: string, kind: "ingress" | "node-port"): KubernetesDesktop => ({
  ...desktop,
  namespace,
  reach: kind === "ingress" ? { kind, host: null } : { kind },
});

/** What the driver asked of the lab for trials in namespace `blackout`, which is there before. */
let asked: readonly Access[] = [];
/** And with those in a namespace that it makes itself. */
let askedInAll: readonly Access[] = [];

async function oneTrial(
  driver: ReturnType<typeof createKubernetesDriver>,
  wanted: KubernetesDesktop,
  pause: () => Promise<void>,
): Promise<void> {
  const order = request(`run/${wanted.namespace}-${wanted.reach.kind}`, wanted);
  const handle = await driver.prepare(order, never);
  const { node } = await driver.deploy(handle, order, never);
  // A lost answer makes it look whether what is there is its own.
  await driver.deploy(handle, order, never);
  await driver.endpoint(handle, wanted, node, never);
  const stop = new AbortController();
  const watching = driver.observe(
    handle,
    { victim: () => node, onEvent: () => undefined },
    stop.signal,
  );
  await pause();
  await driver.whereabouts(handle, never);
  await driver.timers(handle, node ?? "", never);
  stop.abort();
  await watching;
  await driver.remove(handle, never);
}

async function oneLock({ lock }: ReturnType<typeof createKubernetesDriver>): Promise<void> {
  const note = noteOf("run");
  await lock.take(note, never);
  await lock.write(note, never);
  await lock.release("run", never);
}

beforeAll(async () => {
  const scene = await startScene(60);
  const { clock } = scene;
  const connection = new KubernetesConnection(scene.cluster.api, clock, secrets);
  const { core } = await typedApi(connection, never);
  await core.createNamespace({ body: { metadata: { name: "blackout" } } });
  const requests = vi.spyOn(KubernetesConnection.prototype, "request");
  const reads = vi.spyOn(KubernetesConnection.prototype, "read");
  const streams = vi.spyOn(KubernetesConnection.prototype, "stream");
  const soFar = (): readonly Access[] => [
    ...requests.mock.calls.map(([{ method, path }]) => accessOf(method, path)),
    ...reads.mock.calls.map(([path]) => accessOf("GET", path)),
    ...streams.mock.calls.map(([, path]) => accessOf("GET", path)),
  ];
  const driver = createKubernetesDriver({ cluster: scene.cluster, clock, secrets });
  await driver.identify(never);
  await driver.health(never);
  await oneLock(driver);
  const pause = async (): Promise<void> => await clock.sleep(seconds(10), never);
  await oneTrial(driver, spec("blackout", "ingress"), pause);
  await oneTrial(driver, spec("blackout", "node-port"), pause);
  asked = soFar();
  await oneTrial(driver, spec("elsewhere", "ingress"), pause);
  askedInAll = soFar();
  await driver.close();
  await connection.close();
  await scene.close();
});
afterAll(() => {
  vi.restoreAllMocks();
});

const describeAccess = ({ verb, what, namespace, name }: Access): string =>
  `${verb} ${what}${namespace === "" ? "" : ` in ${namespace}`}${name === "" ? "" : ` (${name})`}`;

/** Each typed call that the source makes, as a request: found by name, so that none is forgotten that no test reaches. */
async function typedCalls(): Promise<readonly Access[]> {
  const folder = join(ROOT, "src/clusters/kubernetes");
  const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const names = new Set(
    [...source.matchAll(/\b(?:core|apps|networking)\s*\.\s*(\w+)\(/g)].map(([, name = ""]) => name),
  );
  const found: Access[] = [];
  const connection = Object.assign(
    Object.create(KubernetesConnection.prototype) as KubernetesConnection,
    {
      request: async ({ method, path }: { method: string; path: string }) => {
        found.push(accessOf(method, path));
        return await Promise.resolve({ data: {}, status: 200 });
      },
    },
  );
  const api = await typedApi(connection, never);
  const parameters = { namespace: "blackout", name: "blackout", body: {} };
  for (const name of names) {
    const owner = [api.core, api.apps, api.networking].find((each) => name in each);
    const call: unknown = owner === undefined ? undefined : Reflect.get(owner, name);
    if (typeof call !== "function") throw new Error(`no typed call ${name}`);
    await (Reflect.apply(call, owner, [parameters]) as Promise<unknown>);
  }
  expect(found.length).toBe(names.size);
  return found;
}

describe("accessOf", () => {
  it.each([
    ["GET", "/version", "get /version"],
    ["GET", "/apis/discovery.k8s.io", "get /apis/discovery.k8s.io"],
    ["GET", "/api/v1/nodes", "list /nodes"],
    ["GET", "/api/v1/nodes?watch=true&resourceVersion=1", "watch /nodes"],
    ["PATCH", "/api/v1/nodes/a", "patch /nodes (a)"],
    ["GET", "/api/v1/namespaces/a", "get /namespaces in a (a)"],
    ["POST", "/api/v1/namespaces/a/pods/b/eviction", "create /pods/eviction in a (b)"],
    ["DELETE", "/apis/apps/v1/namespaces/a/deployments/b", "delete apps/deployments in a (b)"],
  ])("takes %s %s for: %s", (method, path, expected) => {
    expect(describeAccess(accessOf(method, path))).toBe(expected);
  });
});

describe("docs/kubernetes-rbac.yaml", () => {
  it("allows every call that the driver made in a namespace that was there before", () => {
    const permissions = permissionsIn(base);
    const refused = asked.filter((access) => !permissions.some((each) => allows(each, access)));
    expect(asked.length).toBeGreaterThan(50);
    expect([...new Set(refused.map(describeAccess))]).toEqual([]);
  });

  it("allows no more than was needed", async () => {
    const needed = [...asked, ...(await typedCalls())];
    const idle = permissionsIn(base).filter(
      (each) => !needed.some((access) => allows(each, access)),
    );
    expect(idle).toEqual([]);
  });

  it("allows every typed call in the source, with the optional roles where they create namespaces", async () => {
    const calls = await typedCalls();
    expect(calls.length).toBeGreaterThanOrEqual(8);
    const [ofNamespaces, others] = [
      calls.filter(({ what }) => what === "/namespaces"),
      calls.filter(({ what }) => what !== "/namespaces"),
    ];
    const refusedBy = (objects: typeof base, wanted: readonly Access[]): readonly string[] =>
      wanted
        .filter((access) => !permissionsIn(objects).some((each) => allows(each, access)))
        .map(describeAccess);
    expect(refusedBy(base, others)).toEqual([]);
    expect(refusedBy(optional, ofNamespaces)).toEqual([]);
  });

  it("binds each of its roles to the service account", () => {
    const roles = base.filter(({ kind }) => /^(?:Cluster)?Role$/.test(kind));
    const bound = base.flatMap(({ roleRef, metadata }) =>
      roleRef === undefined ? [] : [`${roleRef.kind} ${roleRef.name} ${metadata.namespace ?? ""}`],
    );
    expect(bound).toEqual(
      roles.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.namespace ?? ""}`),
    );
  });
});

describe("docs/kubernetes-rbac-optional.yaml", () => {
  it("allows with the rest every call in a namespace that the tool makes itself", () => {
    const permissions = permissionsIn([...base, ...optional]);
    const refused = askedInAll.filter(
      (access) => !permissions.some((each) => allows(each, access)),
    );
    expect(askedInAll.some(({ verb, what }) => verb === "create" && what === "/namespaces")).toBe(
      true,
    );
    expect([...new Set(refused.map(describeAccess))]).toEqual([]);
  });

  it("has the faults' rights in a role of their own", () => {
    const faults = permissionsIn(optional).filter(
      ({ role }) => role === "ClusterRole blackout-faults",
    );
    expect(faults.map(({ verb, what }) => `${verb} ${what}`)).toEqual([
      "get /nodes",
      "patch /nodes",
      "create /pods/eviction",
    ]);
  });
});
