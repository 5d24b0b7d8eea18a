import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import { ageOf } from "./age.ts";

/** One column of `kubectl get`; priority 1 shows with `-o wide` only. */
export interface Column {
  readonly name: string;
  readonly priority?: 0 | 1;
  readonly cell: (object: KubeObject, nowSeconds: number) => string | number;
}

export const nameColumn: Column = { name: "Name", cell: (object) => object.metadata.name };
export const ageColumn: Column = {
  name: "Age",
  cell: (object, now) => ageOf(object.metadata.creationTimestamp, now),
};
