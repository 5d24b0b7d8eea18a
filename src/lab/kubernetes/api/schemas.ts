import { z } from "zod";
import { emptyBudget } from "../../../twin/kubernetes/disruption-budget.ts";

/** What the API accepts of each kind: enough to be sure of what the controllers read; the rest is kept as it came. */

const text = z.string();
const labels = z.record(z.string(), z.string()).nullish().transform(dropNull);
const emptyWhenNull = text.nullish().transform((value) => value ?? "");
const port = z.int().min(1).max(65_535);
/** Go's RFC3339Micro: six digits, not more and not fewer. */
const microTime = text
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d)$/u)
  .nullish()
  .transform(dropNull);

function dropNull<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}

const metadata = z.looseObject({
  name: emptyWhenNull,
  generateName: text.optional(),
  namespace: text.optional(),
  uid: emptyWhenNull,
  resourceVersion: emptyWhenNull,
  creationTimestamp: emptyWhenNull,
  deletionTimestamp: text.nullish().transform(dropNull),
  generation: z.int().optional(),
  labels,
  annotations: labels,
  ownerReferences: z
    .array(
      z.looseObject({
        apiVersion: text,
        kind: text,
        name: text,
        uid: text,
        controller: z.boolean().optional(),
        blockOwnerDeletion: z.boolean().optional(),
      }),
    )
    .nullish()
    .transform(dropNull),
  finalizers: z.array(text).nullish().transform(dropNull),
});

const base = { apiVersion: text, kind: text, metadata };
const anything = z
  .looseObject({})
  .nullish()
  .transform((value) => value ?? {});

const taint = z.looseObject({
  key: text,
  value: text.optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
  timeAdded: text.nullish().transform(dropNull),
});

const condition = z.looseObject({
  type: text,
  status: z.enum(["True", "False", "Unknown"]),
  reason: text.optional(),
  message: text.optional(),
});

const expression = z.looseObject({
  key: text,
  operator: text,
  values: z.array(text).optional(),
});

const selector = z.looseObject({
  matchLabels: labels,
  matchExpressions: z.array(expression).optional(),
});

const podSpec = z.looseObject({
  nodeName: text.optional(),
  nodeSelector: labels,
  terminationGracePeriodSeconds: z.int().min(0).optional(),
  tolerations: z
    .array(
      z.looseObject({
        key: text.optional(),
        operator: z.enum(["Exists", "Equal"]).optional(),
        value: text.optional(),
        effect: text.optional(),
        tolerationSeconds: z.int().nullish().transform(dropNull),
      }),
    )
    .nullish()
    .transform(dropNull),
  affinity: z
    .looseObject({
      nodeAffinity: z
        .looseObject({
          requiredDuringSchedulingIgnoredDuringExecution: z
            .looseObject({
              nodeSelectorTerms: z.array(
                z.looseObject({ matchExpressions: z.array(expression).optional() }),
              ),
            })
            .optional(),
          preferredDuringSchedulingIgnoredDuringExecution: z
            .array(
              z.looseObject({
                weight: z.int().min(1).max(100),
                preference: z.looseObject({ matchExpressions: z.array(expression).optional() }),
              }),
            )
            .optional(),
        })
        .optional(),
    })
    .nullish()
    .transform(dropNull),
  containers: z
    .array(
      z.looseObject({
        name: text,
        image: text.optional(),
        ports: z
          .array(
            z.looseObject({
              name: text.optional(),
              containerPort: port,
              protocol: text.optional(),
            }),
          )
          .optional(),
      }),
    )
    .min(1),
});

const podTemplate = z.looseObject({
  metadata: z.looseObject({ labels, annotations: labels }).nullish().transform(dropNull),
  spec: podSpec,
});

const replicated = z.looseObject({
  replicas: z.int().min(0).max(100).default(1),
  selector,
  template: podTemplate,
});

const amount = z
  .union([z.int().min(0), text.regex(/^\d{1,3}%$/u)])
  .nullish()
  .transform(dropNull);
const count = z.int().default(0);

const backend = z.looseObject({
  service: z
    .looseObject({
      name: text,
      port: z.looseObject({ number: port.optional(), name: text.optional() }),
    })
    .optional(),
});

export const schemas = {
  plain: z.looseObject(base),
  namespace: z.looseObject({
    ...base,
    spec: z
      .looseObject({ finalizers: z.array(text).optional() })
      .default({ finalizers: ["kubernetes"] }),
    status: z
      .looseObject({ phase: z.enum(["Active", "Terminating"]).default("Active") })
      .default({ phase: "Active" }),
  }),
  node: z.looseObject({
    ...base,
    spec: z
      .looseObject({
        podCIDR: text.optional(),
        unschedulable: z.boolean().nullish().transform(dropNull),
        taints: z.array(taint).nullish().transform(dropNull),
      })
      .default({ taints: undefined, unschedulable: undefined }),
    status: z.looseObject({ conditions: z.array(condition).optional() }).default({}),
  }),
  lease: z.looseObject({
    ...base,
    spec: z
      .looseObject({
        holderIdentity: text.nullish().transform(dropNull),
        leaseDurationSeconds: z.int().positive().nullish().transform(dropNull),
        acquireTime: microTime,
        renewTime: microTime,
      })
      .default({
        holderIdentity: undefined,
        leaseDurationSeconds: undefined,
        acquireTime: undefined,
        renewTime: undefined,
      }),
  }),
  pod: z.looseObject({
    ...base,
    spec: podSpec,
    status: z.looseObject({ conditions: z.array(condition).optional() }).default({}),
  }),
  replicated: z.looseObject({ ...base, spec: replicated, status: anything }),
  service: z.looseObject({
    ...base,
    spec: z.looseObject({
      type: z.enum(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]).default("ClusterIP"),
      clusterIP: text.optional(),
      selector: labels,
      ports: z
        .array(
          z.looseObject({
            name: text.optional(),
            protocol: text.default("TCP"),
            port,
            targetPort: z.union([port, text]).optional(),
            nodePort: z.int().min(30_000).max(32_767).optional(),
          }),
        )
        .optional(),
    }),
  }),
  endpointSlice: z.looseObject({
    ...base,
    addressType: z.literal("IPv4"),
    endpoints: z.array(
      z.looseObject({
        addresses: z.array(text).min(1),
        conditions: z.looseObject({ ready: z.boolean() }),
        targetRef: z.looseObject({ kind: text, name: text }),
        topology: z.record(z.string(), z.string()),
      }),
    ),
    ports: z.array(z.looseObject({ name: text, port, protocol: text })),
  }),
  ingress: z.looseObject({
    ...base,
    spec: z.looseObject({
      rules: z
        .array(
          z.looseObject({
            host: text.optional(),
            http: z
              .looseObject({
                paths: z.array(
                  z.looseObject({
                    path: text.optional(),
                    pathType: z.enum(["Exact", "Prefix", "ImplementationSpecific"]),
                    backend,
                  }),
                ),
              })
              .optional(),
          }),
        )
        .optional(),
      defaultBackend: backend.optional(),
    }),
  }),
  podDisruptionBudget: z.looseObject({
    ...base,
    spec: z.looseObject({
      minAvailable: amount,
      maxUnavailable: amount,
      selector: selector.nullish().transform(dropNull),
    }),
    status: z
      .looseObject({
        disruptionsAllowed: count,
        currentHealthy: count,
        desiredHealthy: count,
        expectedPods: count,
        observedGeneration: z.int().optional(),
        disruptedPods: labels,
      })
      .default({ ...emptyBudget, disruptedPods: undefined }),
  }),
  event: z.looseObject({
    ...base,
    involvedObject: z.looseObject({
      kind: text.default(""),
      namespace: text.optional(),
      name: text.default(""),
      uid: text.optional(),
    }),
    type: text.default("Normal"),
    reason: text.default(""),
    message: text.default(""),
  }),
};
