import { Response } from "undici";
import { reasonOf } from "../../../src/base/abort.ts";
import { at, milliseconds, sum, zero } from "../../../src/base/time.ts";
import type { Duration, Instant } from "../../../src/base/time.ts";
import type { Call, Wire } from "../../../src/clients/kubernetes/wire.ts";
import type { ApiHost } from "../../../src/model/inventory.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";

/**
 * How a server behaves. `silent`: takes everything, answers nothing, its streams too. `refusing`: its process is gone.
 * `deaf`: answers, but nothing comes through the streams that are open. `headless`: lives, but its store does not answer.
 */
export type Mode = "well" | "silent" | "refusing" | "deaf" | "headless";

interface Stored {
  readonly collection: string;
  readonly object: {
    readonly metadata: { readonly name: string; readonly resourceVersion: string };
  };
}
interface Change extends Stored {
  readonly revision: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
}
interface Stream {
  readonly server: ApiHost;
  readonly collection: string;
  readonly send: (text: string) => void;
  readonly fail: (error: Error) => void;
  deaf: boolean;
}

const ONE_WAY = milliseconds(2);
const encoder = new TextEncoder();

/** API servers before one store, without a network: their answers take virtual time. */
export class VirtualApi implements Wire {
  readonly #clock: VirtualClock;
  readonly #modes = new Map<ApiHost, Mode>();
  readonly #delays = new Map<ApiHost, Duration>();
  readonly #stored = new Map<string, Stored>();
  readonly #history: Change[] = [];
  readonly #streams = new Set<Stream>();
  readonly #asked: { readonly call: string; readonly at: Instant }[] = [];
  #revision = 10;
  #resent = zero;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** `cp1 /version` */
  get calls(): readonly string[] {
    return this.#asked.map(({ call }) => call);
  }

  callsAfter(sinceStart: Duration): readonly string[] {
    return this.#asked.filter(({ at: when }) => when > at(sinceStart)).map(({ call }) => call);
  }

  /** What an answer takes beyond the way there and back. */
  slow(server: ApiHost, delay: Duration): void {
    this.#delays.set(server, delay);
  }

  /** What streams send from now on is lost, and comes through that much later; all else is well. */
  losesSegments(resent: Duration): void {
    this.#resent = resent;
  }

  /** What was cut off does not come back to life when a server does. */
  set(server: ApiHost, mode: Mode): void {
    this.#modes.set(server, mode);
    for (const stream of this.#streams) {
      if (stream.server !== server) continue;
      if (mode === "refusing") stream.fail(lost("ECONNRESET"));
      else if (mode !== "well") stream.deaf = true;
    }
  }

  /** `object` without its resourceVersion. */
  put(collection: string, name: string, object: object): void {
    const key = `${collection} ${name}`;
    const type = this.#stored.has(key) ? "MODIFIED" : "ADDED";
    const revision = ++this.#revision;
    const metadata = "metadata" in object ? (object.metadata as object) : {};
    const stored = {
      ...object,
      metadata: { ...metadata, name, resourceVersion: String(revision) },
    };
    this.#stored.set(key, { collection, object: stored });
    this.#tell({ collection, object: stored, revision, type });
  }

  remove(collection: string, name: string): void {
    const key = `${collection} ${name}`;
    const old = this.#stored.get(key);
    if (old === undefined) return;
    this.#stored.delete(key);
    const revision = ++this.#revision;
    const metadata = { ...old.object.metadata, resourceVersion: String(revision) };
    this.#tell({ collection, object: { ...old.object, metadata }, revision, type: "DELETED" });
  }

  readonly fetch = async (server: ApiHost, call: Call, signal: AbortSignal): Promise<Response> => {
    const name = new URL(server.url).hostname;
    this.#asked.push({ call: `${name} ${call.path}`, at: this.#clock.now() });
    await this.#clock.sleep(ONE_WAY, signal);
    if (this.#mode(server) === "refusing") throw lost("ECONNREFUSED");
    await this.#clock.sleep(this.#delays.get(server) ?? zero, signal);
    const [path = "", query = ""] = call.path.split("?");
    const asked = new URLSearchParams(query);
    const needsStore = path !== "/version" && asked.get("watch") !== "true";
    if (this.#mode(server) === "silent" || (needsStore && this.#mode(server) === "headless")) {
      await this.#clock.sleep(milliseconds(1e9), signal);
    }
    const answer =
      asked.get("watch") === "true"
        ? this.#watch(server, path, Number(asked.get("resourceVersion")), signal)
        : Response.json(path === "/version" ? {} : this.#list(path));
    await this.#clock.sleep(ONE_WAY, signal);
    if (this.#mode(server) === "refusing") throw lost("ECONNRESET");
    return answer;
  };

  readonly drop = (): void => undefined;

  readonly close = async (): Promise<void> => await Promise.resolve();

  #mode(server: ApiHost): Mode {
    return this.#modes.get(server) ?? "well";
  }

  #list(collection: string): unknown {
    const items = [...this.#stored.values()].filter((each) => each.collection === collection);
    return {
      metadata: { resourceVersion: String(this.#revision) },
      items: items.map(({ object }) => object),
    };
  }

  #watch(server: ApiHost, collection: string, since: number, signal: AbortSignal): Response {
    const started: { stream: Stream | null } = { stream: null };
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const stream: Stream = {
          server,
          collection,
          deaf: this.#mode(server) === "headless",
          send: (text) => controller.enqueue(encoder.encode(text)),
          fail: (error) => {
            this.#streams.delete(stream);
            controller.error(error);
          },
        };
        this.#streams.add(stream);
        started.stream = stream;
        signal.addEventListener("abort", () => stream.fail(reasonOf(signal)), { once: true });
      },
      cancel: () => {
        if (started.stream !== null) this.#streams.delete(started.stream);
      },
    });
    for (const change of this.#history) {
      if (change.revision > since && started.stream !== null) this.#send(started.stream, change);
    }
    return new Response(body, { status: 200 });
  }

  #tell(change: Change): void {
    this.#history.push(change);
    for (const stream of this.#streams) this.#send(stream, change);
  }

  #send(stream: Stream, { collection, type, object }: Change): void {
    if (collection !== stream.collection || stream.deaf) return;
    this.#clock.queue.after(sum(ONE_WAY, this.#resent), () => {
      if (this.#streams.has(stream)) stream.send(`${JSON.stringify({ type, object })}\n`);
    });
  }
}

/** As undici throws it. */
const lost = (code: string): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
