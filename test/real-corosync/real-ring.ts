import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { OperatingError } from "../../src/base/errors.ts";
import type { Span } from "../../src/base/interval.ts";
import { spanOf } from "../../src/base/interval.ts";
import type { Duration, Instant } from "../../src/base/time.ts";
import { before, later, milliseconds, seconds, zero } from "../../src/base/time.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";

export const NODES = [1, 2, 3] as const;
export type Node = (typeof NODES)[number];
type Source = Node | "shell";
type Command = "start" | "cut" | "leave" | "term" | "message" | "timers";

/** In ms. */
export type Timers = Record<"token" | "consensus" | "hold", number>;

interface Line {
  readonly source: Source;
  readonly text: string;
  /** When we read it. */
  readonly at: Instant;
  /** When it was written is between this and `at`. Lines without a stamp are taken as written when they were read. */
  readonly stampedAt: Instant;
}

const SCRIPT = fileURLToPath(new URL("ring.sh", import.meta.url));
/** Longer than the slowest membership change of these tests (8.03 s) and start (5 s) on a busy machine. */
const PATIENCE = seconds(30);
/** Processes of a ring bear this in their environment. */
const MARK = "BLACKOUT_REAL_RING";

/** Three real corosync nodes in namespaces of their own (ring.sh). Instants are of the machine's monotonic clock. */
export class RealRing {
  readonly clock = new SystemClock();
  readonly #name: string;
  readonly #shell: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #news = new EventEmitter();
  readonly #ended = new AbortController();

  constructor(name: string, settings: { token_ms: number; token_coefficient_ms: number }) {
    this.#name = `${name} of ${process.pid}`;
    const timers = [`${settings.token_ms}`, `${settings.token_coefficient_ms}`];
    const isolated = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    this.#shell = spawn("unshare", [...isolated, "sh", SCRIPT, ...timers], {
      env: { ...process.env, [MARK]: this.#name },
      stdio: ["pipe", "pipe", "inherit", "pipe", "pipe", "pipe"],
    });
    const [, shell, , ...logs] = this.#shell.stdio as unknown as Readable[];
    this.#read(shell, "shell");
    for (const node of NODES) this.#read(logs[node - 1], node);
    this.#shell.stdin?.on("error", () => undefined);
    this.#shell.on("exit", () => {
      this.#ended.abort(new OperatingError("unreachable", `ring ${name} ended by itself`));
    });
  }

  /** Between sending a command and its answer. A `cut` node died within it. */
  async command(command: Command, node: Node): Promise<Span> {
    const sent = this.clock.now();
    this.#shell.stdin?.write(`${command} ${node}\n`);
    const answer = await this.#heard("shell", `${command} ${node}`, sent);
    return spanOf(sent, answer.at);
  }

  /** When the last of `members` said that these are the members. It says so when it serves its clients again. */
  async membership(members: readonly Node[], since: Instant): Promise<Span> {
    const words = `[QUORUM] Members[${members.length}]: ${members.join(" ")}`;
    const pending = members.map(async (node) => await this.#heard(node, words, since));
    const lines = await Promise.all(pending);
    return {
      earliest: lines.map((line) => line.stampedAt).reduce(later),
      latest: lines.map((line) => line.at).reduce(later),
    };
  }

  /** Starts nodes and waits until all three are members. */
  async join(nodes: readonly Node[]): Promise<void> {
    const since = this.clock.now();
    for (const node of nodes) await this.command("start", node);
    await this.membership(NODES, since);
  }

  /** What corosync says it computed from its settings. */
  async timers(): Promise<Timers> {
    const { earliest } = await this.command("timers", 1);
    const value = (key: string): number => {
      const prefix = `runtime.config.totem.${key} (u32) = `;
      const line = this.#find("shell", earliest, (text) => text.startsWith(prefix));
      return Number(line?.text.slice(prefix.length) ?? Number.NaN);
    };
    return { token: value("token"), consensus: value("consensus"), hold: value("hold") };
  }

  async pause(duration: Duration): Promise<void> {
    await this.clock.sleep(duration, this.#ended.signal);
  }

  /** Every process of the ring ends with its shell, and everything else with them. */
  async close(): Promise<void> {
    this.#shell.stdin?.end();
    if (this.#ended.signal.aborted) return;
    await once(this.#shell, "exit", { signal: this.clock.timeout(PATIENCE) }).catch(() => {
      this.breakOff();
    });
  }

  /** What happens to the shell when the test's process is killed. */
  breakOff(): void {
    this.#shell.kill("SIGKILL");
  }

  /** The programs of this ring that run, seen from outside. */
  async running(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const entry of await readdir("/proc")) {
      if (!/^\d+$/u.test(entry)) continue;
      const read = async (file: string): Promise<string> =>
        await readFile(`/proc/${entry}/${file}`, "utf8").catch(() => "");
      const environment = (await read("environ")).split("\0");
      if (environment.includes(`${MARK}=${this.#name}`)) found.push((await read("comm")).trim());
    }
    return found;
  }

  #read(stream: Readable | undefined, source: Source): void {
    if (stream === undefined) throw new Error(`no pipe for ${source}`);
    createInterface({ input: stream }).on("line", (text) => {
      const now = this.clock.now();
      this.#lines.push({ source, text, at: now, stampedAt: before(now, latenessOf(text)) });
      this.#news.emit("line");
    });
  }

  #find(source: Source, since: Instant, matches: (text: string) => boolean): Line | undefined {
    return this.#lines.find(
      (line) => line.source === source && line.at >= since && matches(line.text),
    );
  }

  async #heard(source: Source, ending: string, since: Instant): Promise<Line> {
    const signal = AbortSignal.any([this.clock.timeout(PATIENCE), this.#ended.signal]);
    for (;;) {
      const line = this.#find(source, since, (text) => text.endsWith(ending));
      if (line !== undefined) return line;
      try {
        await once(this.#news, "line", { signal });
      } catch (error) {
        const said = this.#lines.slice(-10).map((each) => `${each.source}: ${each.text}`);
        throw new Error(`"${ending}" from ${source} never came:\n${said.join("\n")}`, {
          cause: error,
        });
      }
    }
  }
}

/**
 * Now minus the stamp of a line of the log (`Nov 24 13:41:37.071 notice ...`), whose clock goes in steps of 4 ms. Both are
 * taken within their minute, and a wall clock that was set back meanwhile gives zero.
 */
function latenessOf(text: string): Duration {
  const stamp = /^\w+ +\d+ \d+:\d+:(\d+\.\d+) /u.exec(text)?.[1];
  if (stamp === undefined) return zero;
  const late = (60_000 + (Date.now() % 60_000) - Number(stamp) * 1000) % 60_000;
  return milliseconds(late < 30_000 ? late : 0);
}
