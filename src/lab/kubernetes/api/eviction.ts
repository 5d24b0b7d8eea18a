import type {
  BudgetStatus,
  PodDisruptionBudget,
} from "../../../twin/kubernetes/disruption-budget.ts";
import { isCovered } from "../../../twin/kubernetes/disruption-budget.ts";
import { isReady, isTerminating } from "../../../twin/kubernetes/metadata.ts";
import type { Pod } from "../../../twin/kubernetes/objects.ts";
import type { JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import type { ApiReply, ApiRequest, ApiWorld } from "./request.ts";
import { json } from "./request.ts";
import { badRequest, methodNotAllowed, notFound, StatusError } from "./status-error.ts";
import type { Target } from "./target.ts";
import { deleteOne, optionsOf } from "./delete-operations.ts";
import { bodyOf } from "./write-operations.ts";

/** The only version that this release's `pods/eviction` takes. */
const VERSION = "policy/v1beta1";

/** Deletes a pod if the disruption budget that covers it allows (pkg/registry/core/pod/storage/eviction.go, 1.20). */
export function evict(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  if (request.method !== "POST") throw methodNotAllowed();
  const eviction = evictionOf(request, target.name);
  const pod = world.twin.store.pods.get(target.namespace, target.name);
  if (pod === undefined) throw notFound(target.resource, target.name);
  const options = deleteOptionsOf(eviction, request);
  if (!canGo(pod)) askBudget(world, pod, options.dryRun);
  deleteOne(world, target.resource, pod, options);
  return json(
    { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
    201,
  );
}

function evictionOf(request: ApiRequest, name: string): JsonObject {
  const body = bodyOf(request);
  if (!isObject(body)) throw badRequest("not a Eviction object");
  const { apiVersion = VERSION, kind = "Eviction", metadata } = body;
  if (apiVersion !== VERSION || kind !== "Eviction") {
    throw badRequest(
      `${String(kind)} in version "${String(apiVersion).replace(/^.*\//u, "")}" cannot be handled as a Eviction: ` +
        `no kind "${String(kind)}" is registered for version "${String(apiVersion)}"`,
    );
  }
  if (!isObject(metadata) || metadata["name"] !== name) {
    throw badRequest("name in URL does not match name in Eviction object");
  }
  return body;
}

function deleteOptionsOf(eviction: JsonObject, request: ApiRequest): ReturnType<typeof optionsOf> {
  const given = isObject(eviction["deleteOptions"]) ? eviction["deleteOptions"] : {};
  const options = optionsOf({ ...request, contentType: "", body: JSON.stringify(given) });
  return { ...options, dryRun: options.dryRun || given["dryRun"] !== undefined };
}

/** What is not running, or already going, disrupts nobody by going. */
const canGo = (pod: Pod): boolean => isTerminating(pod) || pod.status.phase !== "Running";

function askBudget(world: ApiWorld, pod: Pod, dryRun: boolean): void {
  const { podDisruptionBudgets } = world.twin.store;
  const [budget, ...more] = podDisruptionBudgets.all().filter((each) => isCovered(each, pod));
  if (budget === undefined) return;
  if (more.length > 0) {
    throw new StatusError(
      500,
      "",
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  }
  const { status } = budget;
  const isSpare = status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy;
  if (!isReady(pod) && isSpare) return;
  const granted = grant(budget, status, pod.metadata.name, world.twin.core.stamps.seconds());
  if (!dryRun) podDisruptionBudgets.update(granted);
}

/** checkAndDecrement. */
function grant(
  budget: PodDisruptionBudget,
  status: BudgetStatus,
  pod: string,
  stamp: string,
): PodDisruptionBudget {
  const { name, generation = 0 } = budget.metadata;
  if ((status.observedGeneration ?? 0) < generation) {
    throw tooManyRequests(`The disruption budget ${name} is still being processed by the server.`);
  }
  if (status.disruptionsAllowed <= 0) {
    throw tooManyRequests(
      `The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`,
    );
  }
  const disruptedPods = { ...status.disruptedPods, [pod]: stamp };
  const disruptionsAllowed = status.disruptionsAllowed - 1;
  return { ...budget, status: { ...status, disruptionsAllowed, disruptedPods } };
}

const tooManyRequests = (cause: string): StatusError =>
  new StatusError(
    429,
    "TooManyRequests",
    "Cannot evict pod as it would violate the pod's disruption budget.",
    { causes: [{ reason: "DisruptionBudget", message: cause }] },
  );
