import { proxmoxApi, type Proxmox } from "proxmox-api";
import { Agent, type buildConnector } from "undici";
import { OperatingError } from "../../base/errors.ts";
import type { Span } from "../../base/interval.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { ApiHost, ProxmoxCluster } from "../../model/inventory.ts";
import { isProxyFailure, ProxmoxTransportError } from "./api-error.ts";
import { ApiHosts } from "../shared/api-hosts.ts";
import type { CallParameters } from "./form.ts";
import { exchange } from "./http-exchange.ts";
import { patience } from "./patience.ts";
import { ServerClock } from "../shared/server-clock.ts";
import { CA_SOURCE } from "./transport-failure.ts";
import { httpMethod, type HttpMethod } from "../shared/http-method.ts";
import { deadlineOf, type Patience } from "../shared/patience.ts";
import { tlsConnector } from "../shared/tls-connector.ts";
import { loadTrust, type Trust } from "../shared/trust.ts";
import { underDeadline } from "../shared/under-deadline.ts";

export interface ApiCall {
  readonly method: HttpMethod;
  /** Below /api2/json, encoded: `/cluster/ha/rules`. */
  readonly path: string;
  readonly parameters?: CallParameters;
  /** Ask this host and no other. */
  readonly host?: ApiHost;
  readonly patience?: Patience;
  /** In the place of a patience, for callers who keep the time themselves. */
  readonly deadline?: AbortSignal;
}

export interface ApiReply {
  readonly data: unknown;
  readonly host: ApiHost;
  /** From just before it was sent to just after it was received. */
  readonly during: Span;
  /** The server's own time, in whole epoch seconds; null where it does not say. */
  readonly date: number | null;
}

/** One cluster's API over several hosts. Only GET is ever asked twice; a write is sent once, or not at all. */
export interface ProxmoxApi {
  /** proxmox-api's typed paths. Types are those of PVE 8: what comes back still has to be parsed. */
  paths(signal: AbortSignal, host?: ApiHost): Proxmox.Api;
  /** For paths that those types lack, and for those who need to know which host said it when. */
  call(call: ApiCall, signal: AbortSignal): Promise<ApiReply>;
  /** The host that would be asked next. Throws where none may be asked. */
  nextHost(): ApiHost;
  /** Hosts that may be asked, best first. */
  hosts(): readonly ApiHost[];
  /** It seems to be dead: others are asked first from now on, and it over a fresh connection. */
  doubt(host: ApiHost): void;
  avoid(node: string | null): void;
  readonly avoided: string | null;
  readonly serverClock: ServerClock;
  trust(): Promise<Trust>;
  /** The Authorization header: also for the console's WebSocket. */
  authorization(): Promise<string>;
  close(): Promise<void>;
}

export function createProxmoxApi(options: {
  readonly cluster: ProxmoxCluster;
  readonly clock: Clock;
  readonly secrets: Secrets;
}): ProxmoxApi {
  return new HttpProxmoxApi(options.cluster, options.clock, options.secrets);
}

interface Wire {
  readonly trust: Trust;
  readonly authorization: string;
  readonly connect: buildConnector.connector;
  /** One for each host, with its idle connections: they are let go of as soon as it fails once. */
  readonly reads: Map<ApiHost, Agent>;
  readonly writes: Agent;
}

class HttpProxmoxApi implements ProxmoxApi {
  readonly serverClock = new ServerClock();
  readonly #cluster: ProxmoxCluster;
  readonly #clock: Clock;
  readonly #secrets: Secrets;
  readonly #hosts: ApiHosts;
  #wire: Promise<Wire> | null = null;

  constructor(cluster: ProxmoxCluster, clock: Clock, secrets: Secrets) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#secrets = secrets;
    this.#hosts = new ApiHosts(cluster.api.hosts, clock);
  }

  get avoided(): string | null {
    return this.#hosts.avoided;
  }

  avoid(node: string | null): void {
    this.#hosts.avoid(node);
  }

  doubt(host: ApiHost): void {
    this.#hosts.failed(host);
    this.#wire
      ?.then((wire) => dropIdleConnections(wire, host))
      // A session that could not be opened has no connections.
      .catch(() => undefined);
  }

  hosts(): readonly ApiHost[] {
    return this.#hosts.inOrder();
  }

  nextHost(): ApiHost {
    const [first] = this.#hosts.inOrder();
    if (first !== undefined) return first;
    throw new OperatingError(
      "unreachable",
      `Cannot ask the API of ${this.#cluster.name} as its only host is on the node that is being killed: it is ${String(this.avoided)}. Add another node's URL to api.hosts in the inventory`,
    );
  }

  paths(signal: AbortSignal, host?: ApiHost): Proxmox.Api {
    return proxmoxApi({
      doRequest: async (method, path, _template, parameters) => {
        const call: ApiCall = {
          method: httpMethod(method),
          path: path.replace(/^\/api2\/json/, ""),
          parameters: parameters ?? {},
          ...(host === undefined ? {} : { host }),
        };
        return (await this.call(call, signal)).data;
      },
    });
  }

  async call(call: ApiCall, signal: AbortSignal): Promise<ApiReply> {
    if (call.host !== undefined) return await this.#ask(call.host, call, signal);
    this.nextHost();
    let last: unknown = null;
    for (const host of this.#hosts.inOrder()) {
      try {
        return await this.#ask(host, call, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!mayAskAnother(call, error)) throw error;
        last = error;
      }
    }
    throw last;
  }

  async trust(): Promise<Trust> {
    return (await this.#ready()).trust;
  }

  async authorization(): Promise<string> {
    return (await this.#ready()).authorization;
  }

  async close(): Promise<void> {
    const wire = await this.#wire?.catch(() => null);
    this.#wire = null;
    if (wire === null || wire === undefined) return;
    await Promise.all([...wire.reads.values(), wire.writes].map(async (each) => each.destroy()));
  }

  async #ask(host: ApiHost, call: ApiCall, signal: AbortSignal): Promise<ApiReply> {
    const wire = await this.#ready();
    const { method, path, parameters = {} } = call;
    const read = method === "GET";
    const limit = call.patience ?? (read ? patience.read : patience.write);
    const deadline = call.deadline ?? deadlineOf(limit, this.#clock);
    const sent = this.#clock.now();
    try {
      const answer = await underDeadline(signal, deadline, async (either) =>
        exchange(
          { host: host.url.replace(/\/+$/, ""), method, path, parameters },
          {
            agent: read ? readsFrom(wire, host) : wire.writes,
            authorization: wire.authorization,
          },
          either,
        ),
      );
      const received = this.#clock.now();
      this.#hosts.answered(host);
      if (answer.date !== null) this.serverClock.heard(answer.date, sent, received);
      return { ...answer, host, during: { earliest: sent, latest: received } };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ProxmoxTransportError && !perhapsOfAnotherNode(call, error)) {
        this.#hosts.failed(host);
        dropIdleConnections(wire, host);
      }
      throw error;
    }
  }

  async #ready(): Promise<Wire> {
    this.#wire ??= this.#open();
    try {
      return await this.#wire;
    } catch (error) {
      // A secret that is put right later may be read again.
      this.#wire = null;
      throw error;
    }
  }

  async #open(): Promise<Wire> {
    const trust = await loadTrust(this.#cluster.api.tls, CA_SOURCE);
    const secret = (await this.#secrets.resolve(this.#cluster.api.token_secret)).trim();
    if (!/^[\x21-\x7e]+$/.test(secret)) {
      throw new OperatingError(
        "configuration",
        `Cannot log in to ${this.#cluster.name} as its token secret is empty or holds characters that no header can carry. Check api.token_secret in the inventory`,
      );
    }
    const connect = tlsConnector({
      trust,
      certificate: null,
      patience: patience.connect,
      clock: this.#clock,
    });
    return {
      trust,
      authorization: `PVEAPIToken=${this.#cluster.api.token_id}=${secret}`,
      connect,
      reads: new Map(),
      // A fresh connection for each write: one that the server closed a moment ago would leave in doubt what it did.
      writes: new Agent({ connect, pipelining: 0 }),
    };
  }
}

function readsFrom(wire: Wire, host: ApiHost): Agent {
  const agent = wire.reads.get(host) ?? new Agent({ connect: wire.connect });
  wire.reads.set(host, agent);
  return agent;
}

/** A host that died and came back knows nothing of its old connections; what is under way keeps its own deadline. */
function dropIdleConnections(wire: Wire, host: ApiHost): void {
  const agent = wire.reads.get(host);
  wire.reads.delete(host);
  agent?.close().catch(() => undefined);
}

/** A read may always be asked elsewhere when nobody answered; a write only when it never left. */
function mayAskAnother(call: ApiCall, error: unknown): boolean {
  if (error instanceof ProxmoxTransportError) {
    if (error.code === "untrusted" || error.code === "protocol") return false;
    return call.method === "GET" || error.sent === "no";
  }
  return call.method === "GET" && isProxyFailure(error);
}

/** Calls below /nodes are passed on: when one hangs, it may be that node and not the host that was asked. */
const perhapsOfAnotherNode = (call: ApiCall, error: ProxmoxTransportError): boolean =>
  error.code === "timed-out" && error.sent === "unknown" && call.path.startsWith("/nodes/");
