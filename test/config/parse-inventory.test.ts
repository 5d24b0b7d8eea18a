import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInventory, renderInventory } from "../../src/config/inventory/parse-inventory.ts";
import type { Cluster, Inventory, NodeAccess } from "../../src/model/inventory.ts";
import { defaultSafety, weekdays } from "../../src/model/safety.ts";
import type { SecretRef } from "../../src/model/secret.ts";

const absolute = (path: string): string => (path.startsWith("/") ? path : `/folder/${path}`);
const parse = (text: string) => parseInventory(text, "i.yaml", { resolvePath: absolute });

const HOST_KEY = `SHA256:${"A".repeat(43)}`;
const FINGERPRINT = Array.from({ length: 32 }, () => "AB").join(":");

describe("parseInventory", () => {
  it("normalises durations to milliseconds, secrets to references, paths to the file's folder, maps to lists", () => {
    const parsed = parse(`
clusters:
  pve:
    kind: proxmox
    api:
      hosts: ["https://a:8006", { url: "https://b:8006", node: b }]
      token_id: me@pve!t
      token_secret: file:secrets/token
      tls: { kind: ca, path: ca.pem }
    corosync: { token: 1s }
    nodes:
      a: {}
      b:
        address: 10.0.0.2
        ssh: { key: env:KEY, host_key: "${HOST_KEY}" }
        bmc: { host: bmc-b, user: root, password: env:BMC, cipher_suite: 3 }
`);
    expect(parsed).toMatchObject({
      kind: "inventory",
      inventory: {
        file: "i.yaml",
        clusters: [
          {
            kind: "proxmox",
            name: "pve",
            armed: false,
            lab: null,
            identity: { name: null, ca_fingerprint: null },
            safety: { ...defaultSafety },
            corosync: { token_ms: 1000, token_coefficient_ms: 650 },
            api: {
              hosts: [
                { url: "https://a:8006", node: null },
                { url: "https://b:8006", node: "b" },
              ],
              token_secret: { kind: "file", path: "/folder/secrets/token" },
              tls: { kind: "ca", path: "/folder/ca.pem" },
            },
            nodes: [
              { name: "a", address: null, ssh: null, bmc: null },
              {
                name: "b",
                ssh: {
                  host: "10.0.0.2",
                  port: 22,
                  user: "root",
                  key: { kind: "env", name: "KEY" },
                },
                bmc: { kind: "ipmi", port: 623, cipher_suite: 3, via: "builtin", mapping: "uuid" },
              },
            ],
          },
        ],
      },
    });
  });

  it("gives a value that nobody can change", () => {
    const parsed = parse("lab: { clusters: { p: { kind: proxmox } } }");
    expect(() => {
      if (parsed.kind === "lab") Object.assign(parsed.lab.clusters[0] ?? {}, { name: "other" });
    }).toThrow(TypeError);
  });

  it("a lab's settings are the model's defaults where the file says nothing", () => {
    expect(parse("lab: { clusters: { p: { kind: proxmox, token: 2s } } }")).toMatchObject({
      lab: {
        speed: 60,
        seed: 1,
        clusters: [
          { name: "p", settings: { nodes: 3, token_ms: 2000, token_coefficient_ms: 650 } },
        ],
      },
    });
  });

  it("a lab's BMCs are listed with IPMI unless Redfish is asked for", () => {
    const clusters = "{ p: { kind: proxmox }, k: { kind: kubernetes, bmc: redfish } }";
    expect(parse(`lab: { clusters: ${clusters} }`)).toMatchObject({
      lab: { clusters: [{ bmc: "ipmi" }, { bmc: "redfish" }] },
    });
  });

  it("tells where a field is written, and where its parent is when it is not", () => {
    const { locate } = parse("lab:\n  clusters:\n    p: { kind: proxmox }\n");
    expect(locate(["lab", "clusters", "p", "kind"])).toEqual({ line: 3, column: 16 });
    expect(locate(["lab", "clusters", "p", "nodes"])).toEqual({ line: 3, column: 8 });
  });

  it("reads JSON of the model's own form, with secrets as text or as references", () => {
    const cluster = fc
      .sample(aCluster, { numRuns: 20, seed: 7 })
      .find((each) => each.kind === "proxmox");
    if (cluster === undefined) throw new Error("seed 7 gives a Proxmox cluster");
    const text = JSON.stringify({
      format: "blackout-inventory/1",
      clusters: [{ ...cluster, api: { ...cluster.api, token_secret: "file:/t" } }],
    });
    expect(parse(text)).toMatchObject({
      inventory: { clusters: [{ api: { token_secret: { kind: "file", path: "/t" } } }] },
    });
  });

  it("a wrong value of the model's own form is located too", () => {
    expect(() =>
      parse("format: blackout-inventory/1\nclusters:\n  - { kind: proxmox, nme: x }"),
    ).toThrow('i.yaml:3:22: clusters[0].nme: "nme" is not a known key');
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
const aSecret: fc.Arbitrary<SecretRef> = fc.oneof(
  word.map((name) => ({ kind: "env" as const, name: name.replaceAll("-", "_").toUpperCase() })),
  word.map((name) => ({ kind: "file" as const, path: `/secrets/${name}` })),
);
const aPort = fc.integer({ min: 1, max: 65_535 });
const anAccess: fc.Arbitrary<Omit<NodeAccess, "name">> = fc.record({
  address: fc.option(fc.ipV4()),
  ssh: fc.option(
    fc.record({
      host: word,
      port: aPort,
      user: word,
      key: aSecret,
      host_key: fc.constantFrom(HOST_KEY, "insecure"),
    }),
  ),
  bmc: fc.option(
    fc.record({
      kind: fc.constant("ipmi" as const),
      host: word,
      port: aPort,
      user: word,
      password: aSecret,
      cipher_suite: fc.constantFrom(3 as const, 17 as const),
      via: fc.constantFrom("builtin" as const, "ipmitool" as const),
      mapping: fc.constantFrom("uuid" as const, "asserted" as const),
    }),
  ),
});
const common = {
  name: word,
  armed: fc.boolean(),
  nodes: fc
    .uniqueArray(word, { minLength: 1, maxLength: 4 })
    .chain((names) =>
      fc.tuple(...names.map((name) => anAccess.map((access) => ({ name, ...access })))),
    ),
  safety: fc.record({
    max_nodes_down: fc.integer({ min: 1, max: 3 }),
    protected_nodes: fc.constant([]),
    other_workloads: fc.array(fc.constantFrom("monitoring/*", "mail (100)"), { maxLength: 2 }),
    windows: fc.array(
      fc.record({
        days: fc.subarray([...weekdays], { minLength: 1 }),
        from: fc.constantFrom("22:00", "08:30"),
        to: fc.constantFrom("04:00", "24:00"),
        zone: fc.constantFrom("Europe/Zurich", "UTC"),
      }),
      { maxLength: 2 },
    ),
    max_kills: fc.option(fc.integer({ min: 1, max: 9 })),
    max_time_ms: fc.option(fc.integer({ min: 1, max: 99_999 })),
  }),
  lab: fc.option(
    fc.record({
      instance: word,
      speed: fc.integer({ min: 1, max: 100 }),
      origin_hrtime_ns: fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String),
      origin_wall: fc.constant("2026-11-22T13:37:00.000Z"),
    }),
  ),
};
const someHosts = fc.array(
  word.map((host) => ({ url: `https://${host}:8006`, node: null })),
  { minLength: 1, maxLength: 3 },
);
const aTrust = fc.constantFrom(
  { kind: "insecure" as const },
  { kind: "ca" as const, path: "/ca.pem" },
  { kind: "fingerprint" as const, sha256: FINGERPRINT },
);
const aCluster: fc.Arbitrary<Cluster> = fc.oneof(
  fc.record({
    kind: fc.constant("proxmox" as const),
    ...common,
    identity: fc.record({
      name: fc.option(word),
      ca_fingerprint: fc.constantFrom(null, FINGERPRINT),
    }),
    api: fc.record({
      hosts: someHosts,
      token_id: word.map((id) => `root@pam!${id}`),
      token_secret: aSecret,
      tls: aTrust,
    }),
    corosync: fc.record({
      token_ms: fc.integer({ min: 1, max: 10_000 }),
      token_coefficient_ms: fc.integer({ min: 0, max: 2000 }),
    }),
  }),
  fc.record({
    kind: fc.constant("kubernetes" as const),
    ...common,
    identity: fc.record({ kube_system_uid: fc.option(fc.uuid()) }),
    api: fc.record({
      servers: someHosts,
      auth: fc.oneof(
        fc.record({ kind: fc.constant("token" as const), token: aSecret }),
        fc.record({
          kind: fc.constant("client-certificate" as const),
          certificate: aSecret,
          key: aSecret,
        }),
      ),
      tls: aTrust,
    }),
    ingress_url: fc.constantFrom(null, "http://10.0.0.5:8080"),
    lock_namespace: fc.constantFrom("default", "blackout"),
    controller_manager: fc.record({
      node_monitor_period_ms: fc.integer({ min: 1, max: 10_000 }),
      node_monitor_grace_ms: fc.integer({ min: 1, max: 100_000 }),
    }),
  }),
);

describe("renderInventory", () => {
  it("writes what parseInventory reads back to the same inventory", () => {
    fc.assert(
      fc.property(fc.array(aCluster, { maxLength: 3 }), (clusters) => {
        const inventory: Inventory = { file: "i.yaml", clusters };
        expect(parse(renderInventory(inventory))).toMatchObject({ kind: "inventory", inventory });
      }),
      { seed: 20_261_122, numRuns: 50 },
    );
  });
});
