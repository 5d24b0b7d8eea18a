import { z } from "zod";
import { present } from "../../../src/base/assert.ts";
import type { Cluster } from "../../../src/model/inventory.ts";
import type { Lab } from "../lab-study.ts";
import { nodesNotUp } from "../one-trial.ts";
import type { Ask } from "./ask-cluster.ts";
import { askCluster } from "./ask-cluster.ts";

/** Everything on a lab's only cluster that a run could have changed, as its own API and its twin tell it. */
export async function clusterState(lab: Lab): Promise<object> {
  const cluster = present(lab.inventory.clusters[0], "a cluster");
  return { ...(await toldBy(cluster)), off: await nodesNotUp(lab) };
}

/** By its API alone. */
export async function toldBy(cluster: Cluster): Promise<object> {
  const ask = await askCluster(cluster);
  return cluster.kind === "kubernetes" ? await kubernetes(ask) : await proxmox(ask);
}

const meta = z.object({
  name: z.string(),
  namespace: z.string().default(""),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});
const things = z.object({ items: z.array(z.looseObject({ metadata: meta })) });
const nodes = z.object({
  items: z.array(
    z.object({
      metadata: meta,
      spec: z.object({
        unschedulable: z.boolean().default(false),
        taints: z.array(z.object({ key: z.string(), effect: z.string() })).default([]),
      }),
      status: z.object({
        conditions: z.array(z.object({ type: z.string(), status: z.string() })),
      }),
    }),
  ),
});

/** Where pods of the cluster's own are is the cluster's business; that there are as many is not. */
async function kubernetes(ask: Ask): Promise<object> {
  const names = async (path: string): Promise<readonly string[]> =>
    things
      .parse(await ask(path))
      .items.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`)
      .toSorted();
  const pods = things.parse(await ask("/api/v1/pods")).items;
  return {
    nodes: nodes.parse(await ask("/api/v1/nodes")).items.map(({ metadata, spec, status }) => ({
      name: metadata.name,
      labels: metadata.labels,
      ...spec,
      ready: status.conditions.find(({ type }) => type === "Ready")?.status,
    })),
    namespaces: await names("/api/v1/namespaces"),
    services: await names("/api/v1/services"),
    deployments: await names("/apis/apps/v1/deployments"),
    ingresses: await names("/apis/networking.k8s.io/v1/ingresses"),
    leases: await names("/apis/coordination.k8s.io/v1/leases"),
    desktops: pods.map(({ metadata }) => metadata.name).filter((name) => /blackout/u.test(name)),
    pods: pods.length,
  };
}

const rows = z.object({ data: z.array(z.record(z.string(), z.unknown())) });
const row = z.object({ data: z.record(z.string(), z.unknown()) });

async function proxmox(ask: Ask): Promise<object> {
  const list = async (path: string): Promise<readonly Record<string, unknown>[]> =>
    rows.parse(await ask(`/api2/json${path}`)).data;
  const vms = await list("/cluster/resources?type=vm");
  const configs: unknown[] = [];
  for (const { node, vmid } of vms) {
    const path = `/api2/json/nodes/${String(node)}/qemu/${String(vmid)}/config`;
    configs.push({ vmid, ...row.parse(await ask(path)).data });
  }
  const status = await list("/cluster/status");
  return {
    online: status.map(({ name, online, quorate }) => ({ name, online, quorate })),
    vms: vms.map(({ vmid, name, status: power, pool, hastate }) => ({
      vmid,
      name,
      power,
      pool,
      hastate,
    })),
    configs,
    ha: await list("/cluster/ha/resources"),
    rules: (await list("/cluster/ha/status/current")).map(({ id, type }) => ({ id, type })),
    pools: (await list("/pools")).map(({ poolid }) => poolid),
  };
}
