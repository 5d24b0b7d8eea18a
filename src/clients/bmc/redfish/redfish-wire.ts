import type { buildConnector, Headers } from "undici";
import { Agent, fetch } from "undici";
import { OperatingError } from "../../../base/errors.ts";
import { seconds } from "../../../base/time.ts";
import type { Clock } from "../../../contracts/clock.ts";
import type { HttpMethod } from "../../shared/http-method.ts";
import { lostExchange } from "../../shared/lost-exchange.ts";
import type { Patience } from "../../shared/patience.ts";
import { deadlineOf } from "../../shared/patience.ts";
import { bodyAsText, jsonOf } from "../../shared/response-body.ts";
import { tlsConnector } from "../../shared/tls-connector.ts";
import type { Trust } from "../../shared/trust.ts";
import { underDeadline } from "../../shared/under-deadline.ts";
import { isBusy, redfishRefusal } from "./redfish-error.ts";

/** TCP and TLS together: the processor of a BMC takes up to two seconds for a handshake. */
const CONNECT: Patience = { least: seconds(10), floors: 10 };
/** BMCs answer within some 5 s; one that has just started takes longer. */
const CALL: Patience = { least: seconds(20), floors: 10 };
const LONGEST_BODY = 1024 * 1024;
/** A busy BMC is asked again so often, this far apart. */
const BUSY_TRIES = 5;
const BUSY_PAUSE = seconds(1);
/** Where the CA of a BMC is to be had. */
export const CA_SOURCE = "the one that signed the BMC's certificate";

/** How each request says who we are. */
export type Identity =
  | { readonly kind: "nobody" }
  | { readonly kind: "basic"; readonly authorization: string }
  | { readonly kind: "session"; readonly token: string };

export interface RedfishCall {
  /** `read the power state`. */
  readonly what: string;
  readonly method: HttpMethod;
  /** On this BMC, whatever host its reference names. */
  readonly path: string;
  readonly body?: Readonly<Record<string, string>>;
}

export interface RedfishAnswer {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Headers;
}

/** One BMC's HTTPS. Every call has a deadline on the injected clock and a longest answer. */
export class RedfishWire {
  /** `host:port`. */
  readonly peer: string;
  identity: Identity = { kind: "nobody" };
  readonly #origin: string;
  readonly #agent: Agent;
  readonly #clock: Clock;

  /** `connect`: other than over TLS, for tests. */
  constructor(url: string, trust: Trust, clock: Clock, connect = connector(trust, clock)) {
    const { origin, host } = new URL(url);
    this.#origin = origin;
    this.peer = host;
    this.#clock = clock;
    // Deadlines run on the injected clock, so undici's own are off.
    this.#agent = new Agent({ connect, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** Reads a resource. Asked again only while the BMC says that it is busy. */
  async get(what: string, path: string, signal: AbortSignal): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.send({ what, method: "GET", path }, signal);
      if (isSuccess(answer.status) && answer.data !== undefined) return answer.data;
      if (isSuccess(answer.status)) throw noJson(what, this.peer);
      if (!isBusy(answer.status) || attempt >= BUSY_TRIES) throw this.refusal(what, answer);
      await this.#clock.sleep(BUSY_PAUSE, signal);
    }
  }

  /** Asks for an act, once: who asks again does not know what the first request has done. */
  async post(call: Omit<RedfishCall, "method">, signal: AbortSignal): Promise<RedfishAnswer> {
    const answer = await this.send({ ...call, method: "POST" }, signal);
    if (!isSuccess(answer.status)) throw this.refusal(call.what, answer);
    return answer;
  }

  /** One exchange, whatever the BMC answers. Rejects when it answers nothing. */
  async send(call: RedfishCall, signal: AbortSignal): Promise<RedfishAnswer> {
    signal.throwIfAborted();
    try {
      return await underDeadline(
        signal,
        deadlineOf(CALL, this.#clock),
        async (ended) => await this.#exchange(call, ended),
      );
    } catch (error) {
      signal.throwIfAborted();
      const { code, why } = lostExchange(error, CA_SOURCE, "bmc.tls");
      throw new OperatingError(code, `Cannot ${call.what} over Redfish at ${this.peer} as ${why}`, {
        facts: { peer: this.peer },
        cause: error,
      });
    }
  }

  refusal(what: string, { status, data }: RedfishAnswer): OperatingError {
    return redfishRefusal(what, this.peer, {
      status,
      data,
      session: this.identity.kind === "session",
    });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #exchange(call: RedfishCall, signal: AbortSignal): Promise<RedfishAnswer> {
    const response = await fetch(`${this.#origin}${call.path}`, {
      method: call.method,
      dispatcher: this.#agent,
      // Whoever redirects is not asked again with our credentials.
      redirect: "manual",
      headers: {
        accept: "application/json",
        "odata-version": "4.0",
        ...credentials(this.identity),
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal,
    });
    const text = await bodyAsText(response, LONGEST_BODY);
    return { status: response.status, data: jsonOf(text), headers: response.headers };
  }
}

const connector = (trust: Trust, clock: Clock): buildConnector.connector =>
  tlsConnector({ trust, certificate: null, patience: CONNECT, clock });

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

function credentials(identity: Identity): Readonly<Record<string, string>> {
  switch (identity.kind) {
    case "nobody":
      return {};
    case "basic":
      return { authorization: identity.authorization };
    case "session":
      return { "x-auth-token": identity.token };
  }
}

const noJson = (what: string, peer: string): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot ${what} over Redfish as the answer is no JSON, or more than anybody needs: it came from ${peer}. Is that a BMC?`,
  );
