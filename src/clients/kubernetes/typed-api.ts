import type { AppsV1Api, CoreV1Api, NetworkingV1Api } from "@kubernetes/client-node";
import { OperatingError } from "../../base/errors.ts";
import { httpMethod } from "../shared/http-method.ts";
import type { KubernetesConnection } from "./connection.ts";

/** The library's typed calls, over our connection: its deadlines, its servers, its errors. */
export interface TypedApi {
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly networking: NetworkingV1Api;
}

/** All calls made through it end with `signal`. The library takes 0.4 s to load, hence late. */
export async function typedApi(
  connection: KubernetesConnection,
  signal: AbortSignal,
): Promise<TypedApi> {
  const library = await import("@kubernetes/client-node");
  const configuration = library.createConfiguration({
    // Only the path is used: the connection knows the servers.
    baseServer: new library.ServerConfiguration("https://kubernetes.invalid", {}),
    httpApi: library.wrapHttpLibrary({
      send: async (request) => {
        const { pathname, search } = new URL(request.getUrl());
        const body = request.getBody();
        const answer = await connection.request(
          {
            method: httpMethod(request.getHttpMethod()),
            path: `${pathname}${search}`,
            ...(typeof body === "string" ? { body } : {}),
          },
          signal,
        );
        const text = JSON.stringify(answer.data);
        return new library.ResponseContext(
          answer.status,
          { "content-type": "application/json" },
          {
            text: async () => await Promise.resolve(text),
            binary: async () => await Promise.resolve(Buffer.from(text)),
            stream: () => null,
          },
        );
      },
    }),
  });
  return {
    core: understanding(new library.CoreV1Api(configuration)),
    apps: understanding(new library.AppsV1Api(configuration)),
    networking: understanding(new library.NetworkingV1Api(configuration)),
  };
}

/** The same calls, but an answer that the library cannot read is the server's fault: there it throws TypeErrors. */
const understanding = <T extends object>(api: T): T =>
  new Proxy(api, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return async (...given: unknown[]): Promise<unknown> => {
        try {
          return await Reflect.apply(member, target, given);
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
          throw new OperatingError(
            "protocol",
            `Cannot use the answer to ${String(name)} as it is not of the expected form: ${error.message}`,
            { cause: error },
          );
        }
      };
    },
  });
