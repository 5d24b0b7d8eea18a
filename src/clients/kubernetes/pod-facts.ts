import { z } from "zod";
import { parse } from "../shared/parse.ts";
import { condition, listOf, metadata, text } from "./schema-parts.ts";

export interface PodFacts {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Kinds of its owners. */
  readonly owners: readonly string[];
  /** A static pod's image in the API. */
  readonly mirror: boolean;
  readonly node: string | null;
  readonly phase: string;
  /** As written: the moment of the request plus the grace period. */
  readonly deletion: string | null;
  readonly ready: boolean;
  readonly scheduledAt: string | null;
  readonly running: boolean;
  readonly startedAt: string | null;
  /** How long it stays on a node that is unreachable; null: for ever, or not known. */
  readonly tolerationSeconds: number | null;
  /** Why it does not run, in Kubernetes' words: "ImagePullBackOff: ...". */
  readonly trouble: string | null;
}

const containerState = z
  .looseObject({
    running: z.looseObject({ startedAt: text }).nullish(),
    waiting: z.looseObject({ reason: text, message: text }).nullish(),
  })
  .prefault({});

const pod = z.looseObject({
  metadata,
  spec: z
    .looseObject({
      nodeName: text,
      tolerations: listOf(
        z.looseObject({ key: text, effect: text, tolerationSeconds: z.number().nullish() }),
      ),
    })
    .prefault({}),
  status: z
    .looseObject({
      phase: text,
      conditions: listOf(condition),
      containerStatuses: listOf(z.looseObject({ state: containerState })),
    })
    .prefault({}),
});

type Status = z.infer<typeof pod>["status"];

export function readPod(object: unknown): PodFacts {
  const { metadata: about, spec, status } = parse(pod, object, "a Pod");
  const running = status.containerStatuses[0]?.state.running ?? null;
  return {
    name: about.name,
    namespace: about.namespace ?? "",
    labels: about.labels,
    owners: about.ownerReferences.map(({ kind }) => kind),
    mirror: "kubernetes.io/config.mirror" in about.annotations,
    node: spec.nodeName,
    phase: status.phase ?? "Unknown",
    deletion: about.deletionTimestamp,
    ready: fulfilled(status, "Ready") !== null,
    scheduledAt: fulfilled(status, "PodScheduled")?.lastTransitionTime ?? null,
    running: running !== null,
    startedAt: running?.startedAt ?? null,
    tolerationSeconds: tolerationOf(spec),
    trouble: troubleOf(status),
  };
}

/** A toleration without key or effect holds for all; where several hold, the shortest decides. */
function tolerationOf({ tolerations }: z.infer<typeof pod>["spec"]): number | null {
  const limits = tolerations
    .filter(({ key }) => key === null || key === "node.kubernetes.io/unreachable")
    .filter(({ effect }) => effect === null || effect === "NoExecute")
    .flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  return limits.length === 0 ? null : Math.min(...limits);
}

const fulfilled = (status: Status, name: string): z.infer<typeof condition> | null =>
  status.conditions.find(({ type, status: value }) => type === name && value === "True") ?? null;

/** What its container waits for, or why no node takes it. */
function troubleOf(status: Status): string | null {
  const unscheduled = status.conditions.find(
    ({ type, status: value }) => type === "PodScheduled" && value === "False",
  );
  const cause = status.containerStatuses[0]?.state.waiting ?? unscheduled;
  return cause === undefined
    ? null
    : [cause.reason, cause.message].filter((part) => part !== null).join(": ");
}
