import { z } from "zod";
import { parse } from "../shared/parse.ts";
import { listOf, metadata, strings } from "./schema-parts.ts";

export interface BudgetFacts {
  readonly name: string;
  readonly namespace: string;
  /** Null: it covers no pod. */
  readonly selector: LabelSelector | null;
  /** Pods that may go now; 0 where the cluster has yet to judge the budget as it is. */
  readonly allowed: number;
}

export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

const budget = z.looseObject({
  metadata: metadata.extend({ generation: z.number().nullish() }),
  spec: z
    .looseObject({
      selector: z
        .looseObject({
          matchLabels: strings,
          matchExpressions: listOf(
            z.looseObject({ key: z.string(), operator: z.string(), values: listOf(z.string()) }),
          ),
        })
        .nullish(),
    })
    .prefault({}),
  status: z
    .looseObject({
      disruptionsAllowed: z.number().nullish(),
      observedGeneration: z.number().nullish(),
    })
    .prefault({}),
});

export function readBudget(object: unknown): BudgetFacts {
  const { metadata: about, spec, status } = parse(budget, object, "a PodDisruptionBudget");
  const isJudged = (status.observedGeneration ?? 0) >= (about.generation ?? 0);
  return {
    name: about.name,
    namespace: about.namespace ?? "",
    selector: spec.selector ?? null,
    allowed: isJudged ? (status.disruptionsAllowed ?? 0) : 0,
  };
}
