import type { Response } from "undici";
import { Agent, fetch } from "undici";
import { either, orAborted } from "../../base/abort.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { between, seconds, zero } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { ApiHost, KubernetesCluster } from "../../model/inventory.ts";
import { ApiHosts } from "../shared/api-hosts.ts";
import type { HttpMethod } from "../shared/http-method.ts";
import type { Patience } from "../shared/patience.ts";
import { deadlineOf } from "../shared/patience.ts";
import { bodyAsText, jsonOf } from "../shared/response-body.ts";
import { tlsConnector } from "../shared/tls-connector.ts";
import { underDeadline } from "../shared/under-deadline.ts";
import { failedCall, KubernetesApiError, refusedCall } from "./api-error.ts";
import type { Credentials } from "./credentials.ts";
import { loadCredentials } from "./credentials.ts";

/** One answer of one server; lists of thousands of pods take a second. */
const CALL: Patience = { least: seconds(5), floors: 10 };
const PULSE: Patience = { least: seconds(1), floors: 2 };
/** TCP and TLS together; a living server takes milliseconds. */
const CONNECT: Patience = { least: seconds(3), floors: 10 };
/** Far more than the pods of the largest cluster that this tool is for. */
const LONGEST_BODY = 64 * 1024 * 1024;
/** A server behind which the API is not there (a load balancer, a server that starts): the next one is asked. */
const NOT_THERE = [502, 503, 504];

export interface Call {
  readonly method: HttpMethod;
  /** With its query. */
  readonly path: string;
  readonly body?: string;
}

export interface Answer {
  readonly data: unknown;
  readonly status: number;
  readonly server: ApiHost;
  readonly sent: Instant;
  readonly received: Instant;
  /** The Date header, as it was written; null where there is none. */
  readonly date: string | null;
}

export interface Stream {
  readonly response: Response;
  /** Aborted, with the reason, when the server is found dead. */
  readonly life: AbortSignal;
  /** To be called once, however it ended. */
  readonly close: () => void;
}

interface ServerState {
  readonly agent: Agent;
  /** Aborted when the server is found dead, which ends all streams from it. */
  life: AbortController;
  /** When the last request that was answered was sent, and how long that took. */
  lastSign: Instant | null;
  roundTrip: Duration;
  /** How many are open. */
  streams: number;
}

/**
 * The API of one cluster through whichever of its servers lives. Every write of ours names its object, so that a repeat
 * on another server is harmless (it finds the object there, or gone).
 */
export class KubernetesConnection {
  readonly clock: Clock;
  readonly #credentials: () => Promise<Credentials>;
  readonly #hosts: ApiHosts;
  readonly #servers: readonly ApiHost[];
  readonly #states = new Map<ApiHost, ServerState>();

  constructor(api: KubernetesCluster["api"], clock: Clock, secrets: Secrets) {
    this.clock = clock;
    this.#servers = api.servers;
    this.#hosts = new ApiHosts(api.servers, clock);
    let loading: Promise<Credentials> | null = null;
    this.#credentials = async () => await (loading ??= loadCredentials(api, secrets));
  }

  /** This node's server is asked nothing from now on, and what streams from it ends; null: all may be asked. */
  avoid(node: string | null): void {
    this.#hosts.avoid(node);
    for (const server of this.#servers) {
      if (server.node !== null && server.node === node) this.#endStreams(server, "it is avoided");
    }
  }

  /** Servers that may be asked, best first. */
  hosts(): readonly ApiHost[] {
    return this.#hosts.inOrder();
  }

  /** Asks one server after the other until one answers; what it says counts, be it yes or no. */
  async request(call: Call, signal: AbortSignal): Promise<Answer> {
    const failures: OperatingError[] = [];
    for (const server of this.#hosts.inOrder()) {
      try {
        return await this.#ask(server, call, CALL, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof OperatingError) || isVerdict(error)) throw error;
        this.#lost(server, describeError(error));
        failures.push(error);
      }
    }
    throw noServer(call, failures);
  }

  /** The lines of a watch, from the very server that was listed. Ends when that server is found dead. */
  async stream(server: ApiHost, path: string, signal: AbortSignal): Promise<Stream> {
    const state = await this.#state(server);
    const life = state.life.signal;
    const given = new AbortController();
    const whole = either(signal, life, given.signal);
    const call: Call = { method: "GET", path };
    const response = await underDeadline(
      whole,
      deadlineOf(CALL, this.clock),
      async (opening) => await orAborted(this.#fetch(server, call, whole), opening),
    ).catch((error: unknown) => {
      given.abort();
      signal.throwIfAborted();
      throw failedCall({ method: "watch", path: withoutQuery(path), server: server.url }, error);
    });
    if (!response.ok) {
      const text = await bodyAsText(response, LONGEST_BODY);
      throw refusedCall(
        { method: "watch", path: withoutQuery(path), server: server.url },
        response.status,
        jsonOf(text),
      );
    }
    state.streams += 1;
    const close = (): void => {
      state.streams -= 1;
      given.abort();
    };
    return { response, life, close };
  }

  /** One proof of life. When it does not come, streams from that server end, and others are asked first. */
  async pulse(server: ApiHost, signal: AbortSignal): Promise<void> {
    try {
      await this.#ask(server, { method: "GET", path: "/version" }, PULSE, signal);
    } catch (error) {
      if (signal.aborted || (error instanceof KubernetesApiError && isVerdict(error))) return;
      this.#lost(server, describeError(error));
    }
  }

  /** When the server was last known to live: the sending of the last request that it answered. */
  lastSign(server: ApiHost): Instant | null {
    return this.#states.get(server)?.lastSign ?? null;
  }

  /** How long the last request and its answer took: no event is on its way for longer. */
  roundTrip(server: ApiHost): Duration {
    return this.#states.get(server)?.roundTrip ?? zero;
  }

  /** The servers that something streams from. */
  streaming(): readonly ApiHost[] {
    return this.#servers.filter((server) => (this.#states.get(server)?.streams ?? 0) > 0);
  }

  async close(): Promise<void> {
    const states = [...this.#states.values()];
    this.#states.clear();
    for (const { life } of states) life.abort(new Error("closed"));
    await Promise.all(states.map(async ({ agent }) => await agent.destroy()));
  }

  async #ask(
    server: ApiHost,
    call: Call,
    patience: Patience,
    signal: AbortSignal,
  ): Promise<Answer> {
    const name = { method: call.method, path: withoutQuery(call.path), server: server.url };
    const state = await this.#state(server);
    const sent = this.clock.now();
    const { response, text } = await underDeadline(
      signal,
      deadlineOf(patience, this.clock),
      async (patient) =>
        // A server that a pulse finds dead is not waited for any longer.
        await underDeadline(patient, state.life.signal, async (ended) => {
          const answer = await this.#fetch(server, call, ended);
          return { response: answer, text: await bodyAsText(answer, LONGEST_BODY) };
        }),
    ).catch((error: unknown) => {
      signal.throwIfAborted();
      throw failedCall(name, error);
    });
    const received = this.clock.now();
    const data = jsonOf(text);
    if (!response.ok) throw refusedCall(name, response.status, data);
    if (data === undefined) throw noJson(name.path, server);
    state.lastSign = sent;
    state.roundTrip = between(sent, received);
    this.#hosts.answered(server);
    const date = response.headers.get("date");
    return { data, status: response.status, server, sent, received, date };
  }

  async #fetch(server: ApiHost, call: Call, signal: AbortSignal): Promise<Response> {
    const { agent } = await this.#state(server);
    const { authorization } = await this.#credentials();
    return await fetch(`${server.url}${call.path}`, {
      method: call.method,
      dispatcher: agent,
      // API servers do not redirect; whoever does is not asked again with our token.
      redirect: "manual",
      headers: {
        accept: "application/json",
        ...(authorization === null ? {} : { authorization }),
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: call.body ?? null,
      signal,
    });
  }

  async #state(server: ApiHost): Promise<ServerState> {
    const { trust, certificate } = await this.#credentials();
    const known = this.#states.get(server);
    if (known !== undefined) return known;
    const connect = tlsConnector({ trust, certificate, patience: CONNECT, clock: this.clock });
    const state = {
      // Deadlines run on the injected clock, so undici's own are off.
      agent: new Agent({ connect, headersTimeout: 0, bodyTimeout: 0 }),
      life: new AbortController(),
      lastSign: null,
      roundTrip: zero,
      streams: 0,
    };
    this.#states.set(server, state);
    return state;
  }

  #lost(server: ApiHost, why: string): void {
    this.#hosts.failed(server);
    this.#endStreams(server, why);
  }

  #endStreams(server: ApiHost, why: string): void {
    const state = this.#states.get(server);
    if (state === undefined) return;
    state.life.abort(new OperatingError("unreachable", `${server.url} was given up: ${why}`));
    state.life = new AbortController();
  }
}

/** The API itself has spoken, or would be the wrong one: no other server needs to be asked. */
const isVerdict = (error: OperatingError): boolean =>
  error instanceof KubernetesApiError
    ? !NOT_THERE.includes(error.status)
    : error.code === "configuration" || error.code === "untrusted";

function noServer(call: Call, failures: readonly OperatingError[]): OperatingError {
  const [first] = failures;
  if (first !== undefined && failures.length === 1) return first;
  const why =
    first === undefined
      ? "the only API server is on the node that is about to die"
      : `no API server answers: ${failures.map((failure) => failure.message).join("; ")}`;
  return new OperatingError(
    first?.code ?? "unreachable",
    `Cannot ${call.method} ${call.path} as ${why}`,
    { facts: { servers: failures.length }, cause: first },
  );
}

const withoutQuery = (path: string): string => path.replace(/\?.*/u, "");

const noJson = (path: string, server: ApiHost): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot use the answer to ${path} as it is no JSON: it came from ${server.url}`,
  );
