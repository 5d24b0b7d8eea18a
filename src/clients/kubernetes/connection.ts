import { DateTime } from "luxon";
import type { Response } from "undici";
import { either, orAborted } from "../../base/abort.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { Instant } from "../../base/time.ts";
import { before, between, longer, milliseconds, seconds, sum, times } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { ApiHost, KubernetesCluster } from "../../model/inventory.ts";
import { ApiHosts } from "../shared/api-hosts.ts";
import { hedged } from "../shared/hedged.ts";
import type { Patience } from "../shared/patience.ts";
import { deadlineOf } from "../shared/patience.ts";
import { bodyAsText, jsonOf } from "../shared/response-body.ts";
import { ServerClock } from "../shared/server-clock.ts";
import { underDeadline } from "../shared/under-deadline.ts";
import { failedCall, isVerdict, noJson, noServer, passes, refusedCall } from "./api-error.ts";
import { LeftInOrder, ServerState } from "./server-state.ts";
import type { Call, Wire } from "./wire.ts";
import { tlsWire } from "./wire.ts";

/** One answer of one server; lists of thousands of pods take a second. */
const CALL: Patience = { least: seconds(5), floors: 10 };
/** What a busy server takes for a short list; who is slower is joined by the next one, and may still be the first. */
const SILENCE = milliseconds(300);
/** A segment that is lost is sent again after a round trip and 200 ms (Linux' least RTO), and some for those who read it. */
const RESENT = milliseconds(250);
/** Far more than the pods of the largest cluster that this tool is for. */
const LONGEST_BODY = 64 * 1024 * 1024;

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

/**
 * The API of one cluster through whichever of its servers lives. Every write of ours names its object, so that a repeat
 * on another server is harmless (it finds the object there, or gone).
 */
export class KubernetesConnection {
  readonly clock: Clock;
  /** Of the API servers, by the Date of their answers. */
  readonly serverClock = new ServerClock();
  readonly servers: readonly ApiHost[];
  readonly #wire: Wire;
  readonly #hosts: ApiHosts;
  readonly #states = new Map<ApiHost, ServerState>();

  constructor(
    api: KubernetesCluster["api"],
    clock: Clock,
    secrets: Secrets,
    wire: Wire = tlsWire(api, clock, secrets),
  ) {
    this.clock = clock;
    this.servers = api.servers;
    this.#hosts = new ApiHosts(api.servers, clock);
    this.#wire = wire;
  }

  /** This node's server is asked nothing from now on, and what streams from it ends; null: all may be asked. */
  avoid(node: string | null): void {
    this.#hosts.avoid(node);
    for (const server of this.servers) {
      if (server.node === null || server.node !== node) continue;
      this.#states.get(server)?.end(new LeftInOrder("unreachable", `${server.url} is avoided`));
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
        return await this.#ask(server, call, deadlineOf(CALL, this.clock), signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof OperatingError) || isVerdict(error)) throw error;
        this.#lost(server, describeError(error));
        failures.push(error);
      }
    }
    throw noServer(call, failures);
  }

  /** Reads what no server needs long for: the next is asked too when one is silent, and the first answer counts. */
  async read(path: string, accept: string, signal: AbortSignal): Promise<Answer> {
    const call: Call = { method: "GET", path, accept };
    const [first, ...others] = this.#hosts.inOrder();
    if (first === undefined) throw noServer(call, []);
    const hedge = {
      // Once more the first: behind a balancer, or after a blink of the network, a fresh connection gets through.
      candidates: [first, ...others, first],
      silence: longer(SILENCE, this.clock.floor.deadline),
      clock: this.clock,
      isFinal: (error: unknown) =>
        !(error instanceof OperatingError) || (isVerdict(error) && !passes(error)),
      onSilent: () => undefined,
    };
    return await hedged(hedge, signal, async (server, until) => {
      try {
        return await this.#ask(server, call, deadlineOf(CALL, this.clock), until);
      } catch (error) {
        // Streams go on: whether the server lives is up to its pulses.
        if (!until.aborted) this.#hosts.failed(server);
        throw error;
      }
    });
  }

  /** The lines of a watch, from the very server that was listed. Ends when that server is found dead. */
  async stream(server: ApiHost, path: string, signal: AbortSignal): Promise<Stream> {
    const { life } = this.#state(server);
    const given = new AbortController();
    const whole = either(signal, life, given.signal);
    const call: Call = { method: "GET", path };
    const name = { method: "watch", path: withoutQuery(path), server: server.url };
    const response = await underDeadline(whole, deadlineOf(CALL, this.clock), async (opening) => {
      const answer = await orAborted(this.#wire.fetch(server, call, whole), opening);
      if (answer.ok) return answer;
      const text = await orAborted(bodyAsText(answer, LONGEST_BODY), opening);
      throw refusedCall(name, answer.status, jsonOf(text));
    }).catch((error: unknown) => {
      given.abort();
      signal.throwIfAborted();
      life.throwIfAborted();
      throw failedCall(name, error);
    });
    return { response, life, close: () => given.abort() };
  }

  /**
   * One proof of life; false when it does not come: then streams from that server end, and others are asked first. Only
   * silence and refusal count, and a connection that broke is tried again, as servers close idle ones when they like.
   */
  async pulse(server: ApiHost, signal: AbortSignal): Promise<boolean> {
    const state = this.#state(server);
    const deadline = state.patience.deadline();
    const began = this.clock.now();
    const version: Call = { method: "GET", path: "/version" };
    const ask = async (): Promise<unknown> => await this.#pulse(server, version, deadline, signal);
    try {
      await ask().catch(async (error: unknown) => {
        if (deadline.aborted || isAnswer(error)) throw error;
        await ask();
      });
    } catch (error) {
      if (signal.aborted) return true;
      if (!isAnswer(error)) {
        if (state.livedAfterPulse(began)) return true;
        if (deadline.aborted) state.patience.wasSilent();
        this.#lost(server, describeError(error));
        return false;
      }
    }
    state.patience.answered(between(began, this.clock.now()));
    return true;
  }

  /**
   * When what came from a server just now was sent, at the earliest; null when its way seems to be stopped up. One segment
   * of a stream may have been lost, which no other connection shows.
   */
  sentAfter(server: ApiHost, received: Instant): Instant | null {
    const state = this.#state(server);
    return state.stopped()
      ? null
      : before(received, sum(times(state.roundTrip, 2), longer(RESENT, this.clock.floor.lateness)));
  }

  async close(): Promise<void> {
    const states = [...this.#states.values()];
    this.#states.clear();
    for (const state of states) state.end(new Error("closed"));
    await this.#wire.close();
  }

  async #pulse(
    server: ApiHost,
    call: Call,
    deadline: AbortSignal,
    signal: AbortSignal,
  ): Promise<void> {
    const state = this.#state(server);
    state.pulses(this.clock.now());
    try {
      await this.#exchange(server, call, deadline, signal);
    } finally {
      state.pulses(null);
    }
  }

  async #ask(
    server: ApiHost,
    call: Call,
    deadline: AbortSignal,
    signal: AbortSignal,
  ): Promise<Answer> {
    const answer = await this.#exchange(server, call, deadline, signal);
    this.#hosts.answered(server);
    return answer;
  }

  async #exchange(
    server: ApiHost,
    call: Call,
    deadline: AbortSignal,
    signal: AbortSignal,
  ): Promise<Answer> {
    const name = { method: call.method, path: withoutQuery(call.path), server: server.url };
    const state = this.#state(server);
    const sent = this.clock.now();
    const { response, text } = await underDeadline(
      signal,
      deadline,
      async (patient) =>
        // A server that a pulse finds dead is not waited for any longer.
        await underDeadline(patient, state.life, async (ended) => {
          const answer = await this.#wire.fetch(server, call, ended);
          return { response: answer, text: await bodyAsText(answer, LONGEST_BODY) };
        }),
    ).catch((error: unknown) => {
      signal.throwIfAborted();
      throw failedCall(name, error);
    });
    const received = this.clock.now();
    const data = jsonOf(text);
    if (!response.ok) throw refusedCall(name, response.status, data);
    if (data === undefined) throw noJson(name.path, server.url);
    state.answered(sent, received);
    const date = response.headers.get("date");
    const told = date === null ? null : DateTime.fromHTTP(date);
    if (told?.isValid === true) this.serverClock.heard(told.toSeconds(), sent, received);
    return { data, status: response.status, server, sent, received, date };
  }

  #state(server: ApiHost): ServerState {
    const state = this.#states.get(server) ?? new ServerState(this.clock);
    this.#states.set(server, state);
    return state;
  }

  #lost(server: ApiHost, why: string): void {
    this.#hosts.failed(server);
    this.#state(server).end(
      new OperatingError("unreachable", `${server.url} was given up: ${why}`),
    );
    this.#wire.drop(server);
  }
}

/** The API itself has spoken, so that the server lives. */
const isAnswer = (error: unknown): boolean => error instanceof OperatingError && isVerdict(error);

const withoutQuery = (path: string): string => path.replace(/\?.*/u, "");
