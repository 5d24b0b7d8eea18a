import { z } from "zod";
import { parse } from "../shared/parse.ts";
import { condition, flag, listOf, metadata, text } from "./schema-parts.ts";

export interface NodeFacts {
  readonly name: string;
  readonly ready: "True" | "False" | "Unknown";
  /** Of the Ready condition, as written (whole seconds). */
  readonly readySince: string | null;
  readonly cordoned: boolean;
  readonly taints: readonly Taint[];
  readonly controlPlane: boolean;
  readonly address: string | null;
  /** All that are addresses, and not names. */
  readonly addresses: readonly string[];
  /** Of the kernel that runs since the last boot, as the kubelet read it. */
  readonly bootId: string | null;
  readonly machineId: string | null;
}

export interface Taint {
  readonly key: string;
  readonly effect: string;
  /** As written (whole seconds). */
  readonly timeAdded: string | null;
}

const CONTROL_PLANE_LABELS = [
  "node-role.kubernetes.io/control-plane",
  "node-role.kubernetes.io/master",
];

/** The others (`Hostname`, `InternalDNS`, ...) are names. */
const ADDRESS_TYPES = ["InternalIP", "ExternalIP"];

const node = z.looseObject({
  metadata,
  spec: z
    .looseObject({
      unschedulable: flag,
      taints: listOf(z.looseObject({ key: z.string(), effect: z.string(), timeAdded: text })),
    })
    .prefault({}),
  status: z
    .looseObject({
      conditions: listOf(condition),
      addresses: listOf(z.looseObject({ type: z.string(), address: z.string() })),
      nodeInfo: z.looseObject({ bootID: text, machineID: text }).prefault({}),
    })
    .prefault({}),
});

export function readNode(object: unknown): NodeFacts {
  const { metadata: about, spec, status } = parse(node, object, "a Node");
  const ready = status.conditions.find(({ type }) => type === "Ready");
  return {
    name: about.name,
    ready: ready?.status === "True" || ready?.status === "False" ? ready.status : "Unknown",
    readySince: ready?.lastTransitionTime ?? null,
    cordoned: spec.unschedulable,
    taints: spec.taints.map(({ key, effect, timeAdded }) => ({ key, effect, timeAdded })),
    controlPlane: CONTROL_PLANE_LABELS.some((label) => label in about.labels),
    address: status.addresses.find(({ type }) => type === "InternalIP")?.address ?? null,
    addresses: status.addresses
      .filter(({ type }) => ADDRESS_TYPES.includes(type))
      .map(({ address }) => address),
    bootId: status.nodeInfo.bootID,
    machineId: status.nodeInfo.machineID,
  };
}
