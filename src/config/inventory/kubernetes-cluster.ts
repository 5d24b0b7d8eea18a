import { z } from "zod";
import { namespace, nodeName, strict, text, url, wait } from "../schema/fields.ts";
import {
  apiHosts,
  clusterFields,
  namedNodeAccess,
  nodeAccess,
  tlsTrust,
} from "./cluster-fields.ts";
import { safetyLimits, safetyModel } from "./safety-fields.ts";
import type { Words } from "./words.ts";

const kubernetesFields = (words: Words) => ({
  kind: z.literal("kubernetes"),
  identity: strict({
    kube_system_uid: z
      .guid({ error: "must be a UUID" })
      .nullable()
      .default(null)
      .describe("kubectl get namespace kube-system -o jsonpath={.metadata.uid}"),
  })
    .prefault({})
    .describe("Who the cluster must be before anything is killed on it."),
  api: strict({
    servers: apiHosts(),
    auth: z.discriminatedUnion("kind", [
      strict({ kind: z.literal("token"), token: words.secret() }),
      strict({
        kind: z.literal("client-certificate"),
        certificate: words.secret(),
        key: words.secret(),
      }),
    ]),
    tls: tlsTrust(words),
  }),
  ingress_url: url(["http", "https"])
    .nullable()
    .default(null)
    .describe("Where the ingress controller answers."),
  lock_namespace: namespace()
    .default("default")
    .describe(
      "Where the Lease lies that keeps two runs apart: the same for everybody who uses the cluster.",
    ),
  ...clusterFields,
});

/** As people write it. */
export const kubernetesCluster = (words: Words) =>
  strict({
    ...kubernetesFields(words),
    safety: safetyLimits(),
    controller_manager: strict({
      node_monitor_period: wait().prefault("5s"),
      node_monitor_grace: wait().prefault("40s"),
    })
      .prefault({})
      .describe(
        "--node-monitor-period and --node-monitor-grace-period, for the prediction where the cluster does not tell them.",
      ),
    nodes: z.record(nodeName(), nodeAccess(words)),
  }).transform(({ controller_manager, nodes, ...rest }) => ({
    ...rest,
    controller_manager: {
      node_monitor_period_ms: controller_manager.node_monitor_period,
      node_monitor_grace_ms: controller_manager.node_monitor_grace,
    },
    nodes: Object.entries(nodes).map(([name, node]) => ({ name, ...node })),
  }));

/** As programs write it: the model, word for word. */
export const kubernetesModel = (words: Words) =>
  strict({
    name: text(),
    ...kubernetesFields(words),
    safety: safetyModel(),
    controller_manager: strict({
      node_monitor_period_ms: z.number().positive(),
      node_monitor_grace_ms: z.number().positive(),
    }),
    nodes: z.array(namedNodeAccess(words)),
  });
