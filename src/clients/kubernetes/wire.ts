import type { Response } from "undici";
import { Agent, fetch } from "undici";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import { seconds } from "../../base/time.ts";
import type { ApiHost, KubernetesCluster } from "../../model/inventory.ts";
import type { HttpMethod } from "../shared/http-method.ts";
import type { Patience } from "../shared/patience.ts";
import { tlsConnector } from "../shared/tls-connector.ts";
import type { Credentials } from "./credentials.ts";
import { loadCredentials } from "./credentials.ts";

/** TCP and TLS together; a living server takes milliseconds. */
const CONNECT: Patience = { least: seconds(3), floors: 10 };

export interface Call {
  readonly method: HttpMethod;
  /** With its query. */
  readonly path: string;
  readonly body?: string;
  /** Of the body; default: application/json. */
  readonly contentType?: string;
  /** The form of the answer; default: application/json. */
  readonly accept?: string;
}

/** What carries requests to servers: HTTP over TLS, or a test's own servers. */
export interface Wire {
  /** One request, sent once. Rejects with whatever the HTTP library throws. */
  readonly fetch: (server: ApiHost, call: Call, signal: AbortSignal) => Promise<Response>;
  /** Drops the connections to a server: one that died, or that a balancer sent to a dead one, would hang for the next call too. */
  readonly drop: (server: ApiHost) => void;
  readonly close: () => Promise<void>;
}

/** Opens nothing, and reads no secret, before the first request. */
export function tlsWire(api: KubernetesCluster["api"], clock: Clock, secrets: Secrets): Wire {
  const agents = new Map<ApiHost, Agent>();
  let loading: Promise<Credentials> | null = null;
  const credentials = async (): Promise<Credentials> =>
    await (loading ??= loadCredentials(api, secrets));
  const agentOf = (server: ApiHost, { trust, certificate }: Credentials): Agent => {
    const connect = tlsConnector({ trust, certificate, patience: CONNECT, clock });
    // Deadlines run on the injected clock, so undici's own are off.
    const agent = agents.get(server) ?? new Agent({ connect, headersTimeout: 0, bodyTimeout: 0 });
    agents.set(server, agent);
    return agent;
  };
  return {
    fetch: async (server, call, signal) => {
      const known = await credentials();
      return await fetch(`${server.url}${call.path}`, {
        method: call.method,
        dispatcher: agentOf(server, known),
        // API servers do not redirect; whoever does is not asked again with our token.
        redirect: "manual",
        headers: headersOf(call, known.authorization),
        body: call.body ?? null,
        signal,
      });
    },
    drop: (server) => {
      const agent = agents.get(server);
      agents.delete(server);
      agent?.destroy().catch(() => undefined);
    },
    close: async () => {
      const all = [...agents.values()];
      agents.clear();
      await Promise.all(all.map(async (agent) => await agent.destroy()));
    },
  };
}

const headersOf = (call: Call, authorization: string | null): Record<string, string> => ({
  accept: call.accept ?? "application/json",
  ...(authorization === null ? {} : { authorization }),
  ...(call.body === undefined ? {} : { "content-type": call.contentType ?? "application/json" }),
});
