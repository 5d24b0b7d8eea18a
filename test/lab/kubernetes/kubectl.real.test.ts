import { execFile, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isEverythingRequired, requires } from "../../support/requires.ts";
import { kubectlVersion } from "../../support/kubectl-version.ts";
import { powerOff, powerOn } from "./power.ts";
import type { TestLab } from "./test-lab.ts";
import { eventually, manifests, startTestLab } from "./test-lab.ts";

const needed = requires({ kubectl: "kubernetes-client" });
const version = needed.skip ? "" : kubectlVersion();
const run = promisify(execFile);
let lab: TestLab;

async function kubectl(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(
    "kubectl",
    [
      "--kubeconfig",
      `${lab.directory}/k8s/kubeconfig`,
      "--cache-dir",
      `${lab.directory}/cache`,
      ...args,
    ],
    { timeout: 30_000 },
  );
  return stdout;
}

/** Debian 12's, a client as old as the thesis's cluster: strict about what newer ones forgive. */
test.runIf(isEverythingRequired)(`kubectl ${version} is Debian's 1.20`, () => {
  expect(version).toMatch(/^v1\.20\./u);
});

const taintsOf = async (node: string): Promise<string> =>
  await kubectl("get", "node", node, "-o", "jsonpath={.spec.taints[*].key}");

/** The desktop's pod that is not going. */
async function desktop(): Promise<{ readonly name: string; readonly node: string }> {
  const text = await eventually(
    async () =>
      await kubectl("-n", "desk", "get", "pods", "--no-headers", "-o", "wide").then((lines) =>
        lines.split("\n").filter((line) => /\s1\/1\s+Running/.test(line)),
      ),
    (lines) => lines.length === 1,
  );
  const [name = "", ...columns] = (text[0] ?? "").split(/\s+/);
  return { name, node: columns[5] ?? "" };
}

describe.skipIf(needed.skip)(`kubectl ${version}${needed.note}`, () => {
  beforeAll(async () => {
    lab = await startTestLab();
    const { deployment, service, ingress } = manifests("probe");
    const items = [deployment, service, ingress].map((each) => ({
      ...each,
      metadata: { ...each.metadata, namespace: "desk" },
    }));
    const all = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "desk" } }, ...items];
    await writeFile(
      join(lab.directory, "desk.json"),
      JSON.stringify({ apiVersion: "v1", kind: "List", items: all }),
    );
  });
  afterAll(async () => {
    await lab.close();
  });

  test("reads versions, API resources and the nodes with their usual columns", async () => {
    expect(await kubectl("version")).toContain("v1.20.2");
    const resources = await kubectl("api-resources");
    for (const name of ["nodes", "pods", "deployments", "ingresses", "endpointslices", "leases"]) {
      expect(resources).toContain(name);
    }
    const [header = "", ...rows] = (await kubectl("get", "nodes")).trim().split("\n");
    expect(header.split(/\s+/)).toEqual(["NAME", "STATUS", "ROLES", "AGE", "VERSION"]);
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^cp1\s+Ready\s+control-plane,master\s+\S+\s+v1\.20\.2$/);
    const wide = await kubectl("get", "nodes", "-o", "wide");
    expect(wide).toMatch(/INTERNAL-IP.*OS-IMAGE.*CONTAINER-RUNTIME/);
    expect(wide).toContain(lab.node("worker1").address);
    const pods = await kubectl("get", "pods", "-A", "-o", "wide");
    expect(pods.split("\n")[0]).toMatch(
      /^NAMESPACE\s+NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\s+IP\s+NODE/,
    );
  });

  test("applies, reads, describes, changes and deletes the desktop", async () => {
    const file = join(lab.directory, "desk.json");
    expect(await kubectl("apply", "-f", file)).toContain("deployment.apps/probe created");
    await kubectl("-n", "desk", "rollout", "status", "deployment/probe", "--timeout=20s");
    await kubectl(
      "-n",
      "desk",
      "wait",
      "--for=condition=available",
      "deployment/probe",
      "--timeout=20s",
    );
    expect(await kubectl("apply", "-f", file)).toContain("deployment.apps/probe unchanged");
    const all = await kubectl("-n", "desk", "get", "all");
    for (const kind of [
      "pod/probe-",
      "service/probe",
      "deployment.apps/probe",
      "replicaset.apps/probe-",
    ]) {
      expect(all).toContain(kind);
    }
    expect(await kubectl("-n", "desk", "get", "ingress,endpointslices,events,leases")).toContain(
      "desktop.test",
    );
    expect(await kubectl("-n", "desk", "describe", "deployment", "probe")).toContain(
      "ScalingReplicaSet",
    );
    expect(await kubectl("-n", "desk", "describe", "pod")).toMatch(/Started\s.*Started container/);
    expect(await kubectl("describe", "node", "worker1")).toMatch(/KubeletReady/);
    expect(await kubectl("-n", "desk", "logs", "deployment/probe")).toBe("");
    expect(await kubectl("-n", "desk", "scale", "deployment/probe", "--replicas=2")).toContain(
      "scaled",
    );
    expect(await kubectl("cordon", "worker1")).toContain("cordoned");
    expect(await kubectl("get", "node", "worker1")).toContain("Ready,SchedulingDisabled");
    expect(await kubectl("uncordon", "worker1")).toContain("uncordoned");
    expect(await kubectl("label", "node", "worker1", "a=b")).toContain("labeled");
    expect(await kubectl("taint", "node", "worker1", "k=v:PreferNoSchedule")).toContain("tainted");
    expect(await taintsOf("worker1")).toBe("k");
    expect(await kubectl("taint", "node", "worker1", "k-")).toContain("untainted");
    expect(await taintsOf("worker1")).toBe("");
    expect(await kubectl("delete", "namespace", "desk")).toContain('namespace "desk" deleted');
    await expect(kubectl("get", "namespace", "desk")).rejects.toThrow(/NotFound/);
    expect(await kubectl("auth", "can-i", "delete", "pods")).toContain("yes");
  });

  test("watches a node die and come back", async () => {
    await kubectl("apply", "-f", join(lab.directory, "desk.json"));
    await kubectl("-n", "desk", "rollout", "status", "deployment/probe", "--timeout=20s");
    const nodes = follow("get", "nodes", "-w");
    const pods = follow("get", "pods", "-n", "desk", "-o", "wide", "-w");
    await eventually(
      async () => await Promise.resolve(pods.text()),
      (text) => text.includes("Running"),
    );
    const victim = /worker\d/.exec(pods.text())?.[0] ?? "";
    await powerOff(lab, victim);
    await eventually(
      async () => await Promise.resolve(nodes.text()),
      (text) => new RegExp(`${victim}\\s+NotReady`).test(text),
    );
    await eventually(
      async () => await Promise.resolve(pods.text()),
      (text) => text.includes("Terminating") && text.includes("ContainerCreating"),
    );
    await powerOn(lab, victim);
    await eventually(
      async () => await kubectl("get", "nodes"),
      (text) => !text.includes("NotReady"),
    );
    nodes.stop();
    pods.stop();
    expect(await kubectl("delete", "namespace", "desk")).toContain("deleted");
  });

  test("cordons, drains and uncordons the desktop's node, against a budget too", async () => {
    await kubectl("apply", "-f", join(lab.directory, "desk.json"));
    const first = await desktop();
    const budget = {
      apiVersion: "policy/v1beta1",
      kind: "PodDisruptionBudget",
      metadata: { name: "probe", namespace: "desk" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "probe" } } },
    };
    await writeFile(join(lab.directory, "budget.json"), JSON.stringify(budget));
    expect(await kubectl("create", "-f", join(lab.directory, "budget.json"))).toContain("created");
    await expect(
      kubectl("drain", first.node, "--ignore-daemonsets", "--timeout=1s"),
    ).rejects.toThrow(/would violate the pod's disruption budget/);
    expect(await kubectl("get", "node", first.node)).toContain("Ready,SchedulingDisabled");
    expect((await desktop()).name).toBe(first.name);
    await kubectl("-n", "desk", "delete", "pdb", "probe");
    const drained = await kubectl("drain", first.node, "--ignore-daemonsets", "--timeout=20s");
    expect(drained).toContain(`evicting pod desk/${first.name}`);
    expect(drained).toMatch(new RegExp(`node/${first.node} (evicted|drained)`));
    const second = await desktop();
    expect(second.node).not.toBe(first.node);
    expect(await kubectl("uncordon", first.node)).toContain("uncordoned");
    await eventually(
      async () => await taintsOf(first.node),
      (taints) => taints === "",
    );
  });

  test("taints the desktop's node out of service, and takes that away again", async () => {
    const first = await desktop();
    const taint = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";
    expect(await kubectl("taint", "node", first.node, taint)).toContain("tainted");
    const second = await eventually(desktop, ({ name }) => name !== first.name);
    expect(second.node).not.toBe(first.node);
    expect(await kubectl("-n", "desk", "get", "events")).toMatch(/TaintManagerEviction/);
    expect(await kubectl("taint", "node", first.node, `${taint}-`)).toContain("untainted");
    expect(await taintsOf(first.node)).toBe("");
  });

  test("drains also what has no controller, with --force", async () => {
    const other = "worker2";
    const lonely = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "lonely", namespace: "default" },
      spec: { nodeName: other, containers: [{ name: "one", image: "example/one" }] },
    };
    await writeFile(join(lab.directory, "lonely.json"), JSON.stringify(lonely));
    await kubectl("create", "-f", join(lab.directory, "lonely.json"));
    await expect(kubectl("drain", other, "--ignore-daemonsets", "--timeout=20s")).rejects.toThrow(
      /lonely/,
    );
    const drained = await kubectl(
      "drain",
      other,
      "--ignore-daemonsets",
      "--force",
      "--timeout=20s",
    );
    expect(drained).toContain("evicting pod default/lonely");
    expect(drained).toMatch(new RegExp(`node/${other} (evicted|drained)`));
  });
});

function follow(...args: readonly string[]): {
  readonly text: () => string;
  readonly stop: () => void;
} {
  const child = spawn("kubectl", ["--kubeconfig", `${lab.directory}/k8s/kubeconfig`, ...args]);
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { text: () => text, stop: () => child.kill() };
}
