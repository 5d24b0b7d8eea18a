import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { createCertificateIssuer } from "../../../src/lab/certificates/issuer.ts";
import { createKubernetesLab } from "../../../src/lab/kubernetes/kubernetes-lab.ts";
import type { LabContext, RunningLabCluster } from "../../../src/lab/lab-cluster.ts";
import { createLabNetwork } from "../../../src/lab/network/create-network.ts";
import { TwinPump } from "../../../src/lab/world/twin-time.ts";
import type { KubernetesCluster, NodeAccess } from "../../../src/model/inventory.ts";
import type { KubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { ScaledClock } from "../../../src/platform/scaled-clock.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever came back
  readonly body: any;
}

export interface TestLab {
  readonly lab: RunningLabCluster;
  readonly cluster: KubernetesCluster;
  readonly clock: ScaledClock;
  readonly directory: string;
  readonly token: string;
  readonly agent: Agent;
  readonly server: string;
  readonly node: (name: string) => NodeAccess;
  /** One request with the token; the body is parsed where it is JSON. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** Nodes that boot in no time, so that tests need not wait for them. */
export const hurry = { ...defaultKubernetesSettings.assumed, node_boot_ms: 5000 };

export async function startTestLab(
  speed = 60,
  settings: KubernetesSettings = { ...defaultKubernetesSettings, assumed: hurry },
): Promise<TestLab> {
  const origin = {
    instance: "test",
    speed,
    origin_hrtime_ns: String(process.hrtime.bigint()),
    origin_wall: "2026-01-01T00:00:00.000Z",
  };
  const clock = new ScaledClock(origin);
  const directory = await mkdtemp(join(tmpdir(), "blackout-kubernetes-lab-"));
  const network = await createLabNetwork(clock);
  const twinTime = new TwinPump(clock);
  const context: LabContext = {
    clock,
    origin,
    random: new SeededRandom(1),
    network,
    twinTime,
    certificates: createCertificateIssuer(clock),
    directory,
    onTruth: () => undefined,
  };
  const safety = defaultSafety;
  const lab = await createKubernetesLab({ name: "k8s", bmc: "ipmi", safety, settings }, context);
  if (lab.cluster.kind !== "kubernetes") throw new Error("not a Kubernetes cluster");
  const { cluster } = lab;
  const token = await readFile(join(directory, "k8s", "api-token"), "utf8");
  const ca = await readFile(join(directory, "k8s", "ca.pem"), "utf8");
  const agent = new Agent({ connect: { ca } });
  const server = cluster.api.servers[0]?.url ?? "";
  return {
    lab,
    cluster,
    clock,
    directory,
    token,
    agent,
    server,
    node: (name) => {
      const node = cluster.nodes.find((each) => each.name === name);
      if (node === undefined) throw new Error(`no node ${name}`);
      return node;
    },
    call: async (method, path, body, headers = {}) => {
      const response = await fetch(`${server}${path}`, {
        method,
        dispatcher: agent,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && {
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") === true;
      return { status: response.status, body: isJson ? JSON.parse(text) : text };
    },
    close: async () => {
      await agent.destroy();
      await lab.close();
      twinTime.close();
      await network.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The thesis's desktop in a namespace: Deployment, Service and Ingress. */
export const manifests = (name: string) => {
  const labels = { app: name };
  return {
    deployment: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: "desktop",
                image: "example/desktop",
                ports: [{ name: "novnc", containerPort: 6080 }],
                readinessProbe: { httpGet: { path: "/", port: "novnc" } },
              },
            ],
            tolerations: ["not-ready", "unreachable"].map((key) => ({
              key: `node.kubernetes.io/${key}`,
              operator: "Exists",
              effect: "NoExecute",
              tolerationSeconds: 1,
            })),
          },
        },
      },
    },
    service: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: {
        type: "NodePort",
        selector: labels,
        ports: [{ port: 80, targetPort: "novnc" }],
      },
    },
    ingress: {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name },
      spec: {
        rules: [
          {
            host: "desktop.test",
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name, port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },
  };
};

export async function deployDesktop(lab: TestLab, namespace: string, name: string): Promise<void> {
  const { deployment, service, ingress } = manifests(name);
  await lab.call("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
  await lab.call("POST", `/apis/apps/v1/namespaces/${namespace}/deployments`, deployment);
  await lab.call("POST", `/api/v1/namespaces/${namespace}/services`, service);
  await lab.call("POST", `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`, ingress);
}

/** Asks again and again, for at most ten real seconds. */
export async function eventually<T>(
  ask: () => Promise<T>,
  good: (value: T) => boolean,
): Promise<T> {
  const end = process.hrtime.bigint() + 10_000_000_000n;
  for (;;) {
    const value = await ask();
    if (good(value)) return value;
    if (process.hrtime.bigint() > end) throw new Error(`still ${JSON.stringify(value)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
