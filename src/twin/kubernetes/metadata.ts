import type {
  Condition,
  KubeNode,
  KubeObject,
  ObjectMeta,
  OwnerReference,
  Pod,
} from "./objects.ts";

/** Metadata of an object that the store has yet to give its uid, revision and stamp. */
export const newMetadata = (
  given: Partial<ObjectMeta> & { readonly name: string },
): ObjectMeta => ({
  uid: "",
  resourceVersion: "",
  creationTimestamp: "",
  ...given,
});

export const withMetadata = <T extends KubeObject>(object: T, changes: Partial<ObjectMeta>): T => ({
  ...object,
  metadata: { ...object.metadata, ...changes },
});

export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((owner) => owner.controller === true);

/** The reference by which `owner` controls what it makes. */
export const controlledBy = (owner: KubeObject): readonly OwnerReference[] => [
  {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  },
];

export const namespaceOf = (object: KubeObject): string => object.metadata.namespace ?? "";

export const isTerminating = (object: KubeObject): boolean =>
  object.metadata.deletionTimestamp !== undefined;

export const conditionOf = (object: KubeNode | Pod, type: string): Condition | undefined =>
  object.status.conditions?.find((condition) => condition.type === type);

export const isReady = (object: KubeNode | Pod): boolean =>
  conditionOf(object, "Ready")?.status === "True";

/** `conditions` with those of `changed` in place of their namesakes. */
export const withConditions = (
  conditions: readonly Condition[] | undefined,
  changed: readonly Condition[],
): readonly Condition[] => {
  const kept = (conditions ?? []).filter(
    (condition) => !changed.some((change) => change.type === condition.type),
  );
  return [...kept, ...changed];
};
