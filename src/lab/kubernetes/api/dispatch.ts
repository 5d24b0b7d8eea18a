import { discover } from "./discovery.ts";
import { isObject } from "./json.ts";
import { getObject, listObjects } from "./read-operations.ts";
import type { ApiReply, ApiRequest, ApiWorld } from "./request.ts";
import { json } from "./request.ts";
import { methodNotAllowed, pageNotFound } from "./status-error.ts";
import { answerSubresource } from "./subresources.ts";
import type { Target } from "./target.ts";
import { parseTarget } from "./target.ts";
import { isTrue, watchObjects } from "./watch-operation.ts";
import { deleteCollection, deleteObjectAt } from "./delete-operations.ts";
import { bodyOf, createObject, patchObject, replaceObject } from "./write-operations.ts";

/** Paths that anybody may ask. */
export const isPublic = (path: string): boolean =>
  /^\/(?:livez|readyz|healthz|version)(?:\/|$)/u.test(path);

/** Answers one request that was let in; throws a `StatusError` for what the API refuses. */
export function answer(world: ApiWorld, request: ApiRequest, address: string): ApiReply {
  world.catchUp();
  const { path } = request;
  if (/^\/(?:livez|readyz|healthz)(?:\/|$)/u.test(path)) {
    return { kind: "text", code: 200, type: "text/plain; charset=utf-8", body: "ok" };
  }
  if (path === "/openapi/v2") return openApi(request);
  const discovered = discover(path, world.resources, address);
  if (discovered !== null) return json(discovered);
  if (path === "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews") return allow(request);
  const target = parseTarget(path, world.resources);
  if (target === null) throw pageNotFound();
  const reply = onTarget(world, target, request);
  // What was just written may be due at once for the controllers.
  world.catchUp();
  return reply;
}

function onTarget(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  if (target.subresource !== "" && target.subresource !== "status") {
    return answerSubresource(world, target, request);
  }
  return target.name === ""
    ? onCollection(world, target, request)
    : onObject(world, target, request);
}

function onCollection(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  switch (request.method) {
    case "GET":
      return isTrue(request.query.get("watch"))
        ? watchObjects(world, target, request)
        : listObjects(world, target, request);
    case "POST":
      return createObject(world, target, request);
    case "DELETE":
      return deleteCollection(world, target, request);
    default:
      throw methodNotAllowed();
  }
}

function onObject(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  switch (request.method) {
    case "GET":
      return isTrue(request.query.get("watch"))
        ? watchObjects(world, target, request)
        : getObject(world, target, request);
    case "PUT":
      return replaceObject(world, target, request);
    case "PATCH":
      return patchObject(world, target, request);
    case "DELETE":
      return deleteObjectAt(world, target, request);
    default:
      throw methodNotAllowed();
  }
}

/** Without definitions: clients then leave validation to the server. No bytes are a valid empty protobuf document. */
function openApi(request: ApiRequest): ApiReply {
  if (/protobuf/u.test(request.accept)) {
    return { kind: "text", code: 200, type: "application/octet-stream", body: "" };
  }
  return json({
    swagger: "2.0",
    info: { title: "Kubernetes", version: "v1.20.2" },
    paths: {},
    definitions: {},
  });
}

/** In the lab everybody who is let in may do everything, whatever was asked (newer clients ask in protobuf). */
function allow(request: ApiRequest): ApiReply {
  if (request.method !== "POST") throw methodNotAllowed();
  const body = /json/u.test(request.contentType) ? bodyOf(request) : {};
  return json(
    {
      kind: "SelfSubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      metadata: { creationTimestamp: null },
      spec: isObject(body) ? body["spec"] : {},
      status: { allowed: true },
    },
    201,
  );
}
