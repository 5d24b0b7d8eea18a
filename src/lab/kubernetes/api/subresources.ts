import { z } from "zod";
import { bindPod } from "../../../twin/kubernetes/pod-scheduler.ts";
import { evict } from "./eviction.ts";
import { isObject } from "./json.ts";
import { objectAt } from "./read-operations.ts";
import type { ApiReply, ApiRequest, ApiWorld } from "./request.ts";
import { json } from "./request.ts";
import { applyMergePatch } from "./merge-patch.ts";
import {
  badRequest,
  methodNotAllowed,
  notFound,
  pageNotFound,
  StatusError,
} from "./status-error.ts";
import type { Target } from "./target.ts";
import { bodyOf } from "./write-operations.ts";

const SUCCESS = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };

/** What is neither an object nor its status. */
export function answerSubresource(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  const { plural } = target.resource;
  switch (`${plural}/${target.subresource}`) {
    case "pods/log":
      objectAt(target);
      return { kind: "text", code: 200, type: "text/plain", body: "" };
    case "pods/eviction":
      return evict(world, target, request);
    case "pods/binding":
      return bind(world, target, request);
    case "nodes/proxy/configz":
      return configz(world, target);
    case "deployments/scale":
    case "replicasets/scale":
      return scale(target, request);
    default:
      throw pageNotFound();
  }
}

const binding = z.looseObject({ target: z.looseObject({ name: z.string().min(1) }) });

function bind(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  if (request.method !== "POST") throw methodNotAllowed();
  const parsed = binding.safeParse(bodyOf(request));
  if (!parsed.success) throw badRequest("a Binding names its target node");
  const pod = world.twin.store.pods.get(target.namespace, target.name);
  if (pod === undefined) throw notFound(target.resource, target.name);
  bindPod(world.twin.core, pod, parsed.data.target.name);
  return json(SUCCESS, 201);
}

/** The kubelet's configuration, asked through the API server: of a dead node, or a dead kubelet, there is none. */
function configz(world: ApiWorld, target: Target): ApiReply {
  objectAt(target);
  const { twin } = world;
  const kubelet = twin.unit(target.name, "kubelet");
  if (!twin.isOnline(target.name) || kubelet?.frozen === true) {
    throw unreachable(`i/o timeout to node ${target.name}`);
  }
  if (kubelet?.active !== "active") throw unreachable("connect: connection refused");
  const { lease_duration_ms } = world.twin.settings;
  return json({
    kubeletconfig: {
      nodeStatusUpdateFrequency: "10s",
      nodeStatusReportFrequency: "5m0s",
      nodeLeaseDurationSeconds: lease_duration_ms / 1000,
    },
  });
}

const unreachable = (why: string): StatusError =>
  new StatusError(503, "ServiceUnavailable", `error trying to reach service: dial tcp: ${why}`);

const scaleBody = z.looseObject({ spec: z.looseObject({ replicas: z.int().min(0) }) });

function scale(target: Target, request: ApiRequest): ApiReply {
  const object = objectAt(target);
  const seen = scaleOf(object);
  if (request.method === "GET") return json(seen);
  const wanted =
    request.method === "PUT" ? bodyOf(request) : applyMergePatch(seen, bodyOf(request));
  const parsed = scaleBody.safeParse(wanted);
  if (!parsed.success) throw badRequest("a Scale has spec.replicas, a whole number from 0 on");
  const spec = isObject(object["spec"]) ? object["spec"] : {};
  const next = { ...object, spec: { ...spec, replicas: parsed.data.spec.replicas } };
  return json(scaleOf(target.resource.replace(object, JSON.parse(JSON.stringify(next)), "object")));
}

function scaleOf(object: ReturnType<typeof objectAt>): Readonly<Record<string, unknown>> {
  const spec = isObject(object["spec"]) ? object["spec"] : {};
  const status = isObject(object["status"]) ? object["status"] : {};
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec["replicas"] },
    status: { replicas: status["replicas"] ?? 0 },
  };
}
