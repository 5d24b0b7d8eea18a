import { PRIVILEGE } from "../accounts.ts";
import {
  ACCOUNT_SERVICE,
  accountAt,
  accountCollection,
  ACCOUNTS,
  accountService,
} from "./account-routes.ts";
import { identify } from "./identify.ts";
import { RedfishError } from "./redfish-error.ts";
import type { Caller, RedfishReply, RedfishRequest, RedfishService } from "./redfish-service.ts";
import {
  resetPath,
  ROOT,
  SESSION_SERVICE,
  SESSIONS,
  systemPath,
  SYSTEMS,
} from "./redfish-service.ts";
import { resetSystem } from "./reset-system.ts";
import { computerSystem, serviceRoot, systemCollection } from "./resources.ts";
import {
  logIn,
  logOut,
  sessionCollection,
  sessionResource,
  sessionService,
} from "./session-routes.ts";

/** What a resource does for those who may; a method that it has not is not allowed. */
interface Resource {
  readonly get?: (caller: Caller) => object;
  readonly post?: (caller: Caller) => RedfishReply;
  readonly delete?: (caller: Caller) => RedfishReply;
}

/** Without authentication there are the service's root, and the way to get a session. */
export function answerRequest(request: RedfishRequest, service: RedfishService): RedfishReply {
  try {
    const open = openTo(request, service);
    return open ?? answerCaller(request, identify(request, service), service);
  } catch (error) {
    if (error instanceof RedfishError) return error;
    throw error;
  }
}

function openTo(request: RedfishRequest, service: RedfishService): RedfishReply | null {
  switch (`${request.method} ${request.path}`) {
    case "GET /redfish":
      return found({ v1: `${ROOT}/` });
    case `GET ${ROOT}`:
      return found(serviceRoot(service));
    case `POST ${SESSIONS}`:
      return logIn(request, service);
    default:
      return null;
  }
}

function answerCaller(
  request: RedfishRequest,
  caller: Caller,
  service: RedfishService,
): RedfishReply {
  const resource = resourceAt(request, service);
  if (resource === null) throw RedfishError.of(404, "ResourceMissingAtURI", [request.path]);
  const { get, post } = resource;
  if (request.method === "GET" && get !== undefined) return found(get(caller));
  if (request.method === "POST" && post !== undefined) return post(caller);
  if (request.method === "DELETE" && resource.delete !== undefined) return resource.delete(caller);
  const allow = Object.keys(resource).join(", ").toUpperCase();
  throw RedfishError.of(405, "OperationNotAllowed", [], { allow });
}

function resourceAt(request: RedfishRequest, service: RedfishService): Resource | null {
  const { name } = service.machine;
  switch (request.path) {
    case ROOT:
      return { get: () => serviceRoot(service) };
    case SYSTEMS:
      return { get: () => systemCollection(service) };
    case systemPath(name):
      return { get: () => computerSystem(service) };
    case resetPath(name):
      return {
        post: (caller) => {
          // "ConfigureComponents", which the role Operator has and ReadOnly has not (DSP0266, "Roles").
          if (caller.account.privilege < PRIVILEGE.operator) {
            throw RedfishError.of(403, "InsufficientPrivilege");
          }
          return resetSystem(request, service);
        },
      };
    case ACCOUNT_SERVICE:
      return { get: accountService };
    case ACCOUNTS:
      return { get: () => accountCollection(service) };
    case SESSION_SERVICE:
      return { get: sessionService };
    case SESSIONS:
      return { get: () => sessionCollection(service), post: () => logIn(request, service) };
    default:
      return sessionAt(request.path, service) ?? accountAt(request.path, service);
  }
}

function sessionAt(path: string, service: RedfishService): Resource | null {
  const session = service.sessions.list().find(({ id }) => path === `${SESSIONS}/${id}`);
  if (session === undefined) return null;
  return {
    get: () => sessionResource(session),
    delete: (caller) => logOut(session, caller, service),
  };
}

const found = (body: object): RedfishReply => ({ status: 200, headers: {}, body });
