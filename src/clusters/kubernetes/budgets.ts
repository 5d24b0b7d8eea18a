import { z } from "zod";
import { counted } from "../../base/counted.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { BudgetFacts, LabelSelector } from "../../clients/kubernetes/budget-facts.ts";
import { readBudget } from "../../clients/kubernetes/budget-facts.ts";
import type { PodFacts } from "../../clients/kubernetes/pod-facts.ts";
import { readList } from "../../clients/kubernetes/schema-parts.ts";
import { parse } from "../../clients/shared/parse.ts";
import type { MissingRight } from "../../model/cluster-facts.ts";
import type { Session } from "./session.ts";
import { get, getIfThere } from "./session.ts";

const group = z.looseObject({ versions: z.array(z.looseObject({ version: z.string() })) });

export interface BudgetsRead {
  readonly budgets: readonly BudgetFacts[];
  /** Null: all were read. */
  readonly hidden: MissingRight | null;
}

/** All of the cluster; none where the API has none, or the credentials may not read them. */
export async function readBudgets(session: Session, signal: AbortSignal): Promise<BudgetsRead> {
  try {
    const version = await policyVersion(session, signal);
    if (version === null) return { budgets: [], hidden: null };
    const path = `/apis/policy/${version}/poddisruptionbudgets`;
    const budgets = readList((await get(session, path, signal)).data, readBudget);
    const selecting = budgets.filter(({ selector }) => !isEmpty(selector));
    return { budgets: version === "v1" ? budgets : selecting, hidden: null };
  } catch (error) {
    if (!(error instanceof OperatingError) || error.code !== "denied") throw error;
    const saw = `no budget can be read: ${describeError(error)}`;
    const needs =
      "the right to list poddisruptionbudgets (policy), as docs/kubernetes-rbac.yaml gives it";
    return { budgets: [], hidden: { saw, needs } };
  }
}

/** `v1` since Kubernetes 1.21, `v1beta1` before, in which an empty selector covers no pod, and not every one. */
async function policyVersion(session: Session, signal: AbortSignal): Promise<string | null> {
  const path = "/apis/policy";
  const told = await getIfThere(session, path, signal);
  if (told === null) return null;
  const { versions } = parse(group, told.data, `GET ${path}`);
  return versions.some(({ version }) => version === "v1") ? "v1" : "v1beta1";
}

const isEmpty = (selector: LabelSelector | null): boolean =>
  selector === null ||
  (Object.keys(selector.matchLabels).length === 0 && selector.matchExpressions.length === 0);

/** The budgets that the loss of these pods at once would break, in words. `pods` are those of one node. */
export const brokenBudgets = (
  budgets: readonly BudgetFacts[],
  node: string,
  pods: readonly PodFacts[],
): readonly string[] =>
  budgets.flatMap((budget) => {
    // What is on its way out is not counted on any more.
    const lost = pods.filter((pod) => pod.deletion === null && covers(budget, pod)).length;
    if (lost <= budget.allowed) return [];
    const { namespace, name, allowed } = budget;
    return [
      `budget ${namespace}/${name} allows ${counted(allowed, "disruption")}, and ${lost} of its pods ${lost === 1 ? "is" : "are"} on ${node}`,
    ];
  });

const covers = ({ namespace, selector }: BudgetFacts, pod: PodFacts): boolean =>
  selector !== null &&
  namespace === pod.namespace &&
  Object.entries(selector.matchLabels).every(([key, value]) => pod.labels[key] === value) &&
  selector.matchExpressions.every((expression) => fulfils(pod.labels[expression.key], expression));

/** `value` is undefined where the pod has no such label. */
function fulfils(
  value: string | undefined,
  { operator, values }: LabelSelector["matchExpressions"][number],
): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      // An operator of a later release: better one budget too many than one too few.
      return true;
  }
}
