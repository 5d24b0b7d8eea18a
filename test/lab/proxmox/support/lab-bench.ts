import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setInterval, clearInterval } from "node:timers";
import { between, inSeconds } from "../../../../src/base/time.ts";
import type {
  LabContext,
  RunningLabCluster,
  TruthEvent,
  TwinTime,
} from "../../../../src/lab/lab-cluster.ts";
import { createCertificateIssuer } from "../../../../src/lab/certificates/issuer.ts";
import { createLabNetwork } from "../../../../src/lab/network/create-network.ts";
import type { ProxmoxCluster } from "../../../../src/model/inventory.ts";
import { ScaledClock } from "../../../../src/platform/scaled-clock.ts";
import { SeededRandom } from "../../../../src/platform/seeded-random.ts";
import { EventQueue } from "../../../../src/twin/event-queue.ts";

const SPEED = 60;

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: unknown;
  /** Lab time from request to the end of the answer. */
  readonly seconds: number;
}

export interface Asking {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null: no Authorization header. */
  readonly token?: string | null;
}

/** A lab context on real sockets at 60x, with whatever cluster `serve` builds on it, and a plain HTTP client. */
export class LabBench {
  readonly clock: ScaledClock;
  readonly queue = new EventQueue();
  readonly twinTime: TwinTime;
  readonly #closers: (() => Promise<void>)[] = [];
  running: RunningLabCluster | null = null;
  directory = "";
  readonly truth: TruthEvent[] = [];

  constructor() {
    this.clock = new ScaledClock({
      speed: SPEED,
      origin_hrtime_ns: String(process.hrtime.bigint()),
      origin_wall: "2026-11-22T03:50:00.000Z",
    });
    this.twinTime = {
      queue: this.queue,
      catchUp: () => {
        this.queue.advanceTo(this.clock.now());
      },
      wallSeconds: () => this.clock.wall().toSeconds(),
    };
  }

  async start(
    serve: (context: LabContext) => Promise<RunningLabCluster>,
  ): Promise<RunningLabCluster> {
    this.directory = await mkdtemp(join(tmpdir(), "blackout-lab-"));
    const network = await createLabNetwork(this.clock);
    const pump = setInterval(() => {
      this.twinTime.catchUp();
    }, 2);
    this.#closers.push(
      async () => {
        clearInterval(pump);
        await network.close();
      },
      async () => await rm(this.directory, { recursive: true, force: true }),
    );
    this.running = await serve({
      clock: this.clock,
      origin: {
        instance: "bench",
        speed: SPEED,
        origin_hrtime_ns: "0",
        origin_wall: "2026-11-22T03:50:00.000Z",
      },
      random: new SeededRandom(7),
      network,
      twinTime: this.twinTime,
      certificates: createCertificateIssuer(this.clock),
      directory: this.directory,
      onTruth: (_cluster, event) => {
        this.truth.push(event);
      },
    });
    return this.running;
  }

  async stop(): Promise<void> {
    await this.running?.close();
    for (const close of this.#closers) await close();
  }

  get cluster(): ProxmoxCluster {
    const cluster = this.running?.cluster;
    if (cluster?.kind !== "proxmox") throw new Error("the bench serves no Proxmox cluster");
    return cluster;
  }

  ca(): string {
    const { tls } = this.cluster.api;
    if (tls.kind !== "ca") throw new Error("the bench has no CA");
    return readFileSync(tls.path, "utf8");
  }

  secret(file: string): string {
    return readFileSync(join(this.directory, this.cluster.name, file), "utf8");
  }

  token(): string {
    return `PVEAPIToken=blackout@pve!lab=${this.secret("api-token")}`;
  }

  lowToken(): string {
    return `PVEAPIToken=low@pve!tok=${this.secret("api-token-low")}`;
  }

  url(node: string): string {
    const host = this.cluster.api.hosts.find((each) => each.node === node);
    if (host === undefined) throw new Error(`the bench has no node ${node}`);
    return host.url;
  }

  async ask(node: string, method: string, path: string, asking: Asking = {}): Promise<Answer> {
    const { body = "", token = this.token(), headers = {} } = asking;
    const started = this.clock.now();
    return await new Promise((resolve, reject) => {
      const call = request(
        `${this.url(node)}${path}`,
        {
          method,
          ca: this.ca(),
          agent: false,
          headers: {
            Connection: "close",
            ...(token === null ? {} : { Authorization: token }),
            ...(method === "GET" || method === "DELETE"
              ? {}
              : {
                  "Content-Type": "application/x-www-form-urlencoded",
                  "Content-Length": String(Buffer.byteLength(body)),
                }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            resolve({
              status: response.statusCode ?? 0,
              reason: response.statusMessage ?? "",
              headers: response.headers,
              text,
              body: text.startsWith("{") ? JSON.parse(text) : null,
              seconds: inSeconds(between(started, this.clock.now())),
            });
          });
        },
      );
      call.on("error", reject);
      call.end(body);
    });
  }
}
