import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NovncEndpoint } from "../../src/contracts/endpoint.ts";
import { novnc } from "../probe/attempts.ts";

const SCRIPT = join(import.meta.dirname, "../../desktop/start-desktop.sh");
/** In the environment of all that a desktop starts, so that what it leaves behind can be found. */
const MARK = "BLACKOUT_TEST_DESKTOP";

/** One start of desktop/start-desktop.sh on loopback. */
export class RunningDesktop {
  readonly endpoint: NovncEndpoint;
  readonly #script: ChildProcess;
  readonly #folder: string;
  readonly #mark: string;
  #said = "";

  private constructor(
    script: ChildProcess,
    place: { readonly folder: string; readonly mark: string; readonly port: number },
  ) {
    this.#script = script;
    this.#folder = place.folder;
    this.#mark = place.mark;
    script.stderr?.on("data", (piece: Buffer) => (this.#said += piece.toString()));
    const base = `127.0.0.1:${place.port}`;
    this.endpoint = novnc({
      page_url: `http://${base}/vnc.html`,
      websocket_url: `ws://${base}/websockify`,
    });
  }

  static async start(environment: Readonly<Record<string, string>>): Promise<RunningDesktop> {
    const folder = await mkdtemp(join(tmpdir(), "blackout-desktop-"));
    const web = join(folder, "web");
    await mkdir(web);
    await writeFile(join(web, "vnc.html"), "<title>noVNC</title>");
    const port = await freePort();
    const mark = randomUUID();
    const script = spawn(SCRIPT, {
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        TMPDIR: folder,
        [MARK]: mark,
        DESKTOP_WEB: web,
        DESKTOP_ADDRESS: "127.0.0.1",
        DESKTOP_PORT: String(port),
        ...environment,
      },
    });
    return new RunningDesktop(script, { folder, mark, port });
  }

  /** What the script and its parts wrote to their error output. */
  get said(): string {
    return this.#said;
  }

  async ended(): Promise<number | null> {
    if (this.#script.exitCode === null && this.#script.signalCode === null) {
      await once(this.#script, "close");
    }
    return this.#script.exitCode;
  }

  /** Asks the script to end, and waits until it has. */
  async stop(): Promise<number | null> {
    this.#script.kill("SIGTERM");
    const code = await this.ended();
    await rm(this.#folder, { recursive: true });
    return code;
  }

  /** Files that the script keeps while it runs. */
  async leftFiles(): Promise<readonly string[]> {
    return (await readdir(this.#folder)).filter((name) => name.startsWith("tmp."));
  }

  /** Command lines by process id, of the script and of all that came from it. */
  async processes(): Promise<ReadonlyMap<number, string>> {
    const found = new Map<number, string>();
    for (const name of await readdir("/proc")) {
      const environment = await readFile(`/proc/${name}/environ`, "utf8").catch(() => "");
      if (!environment.includes(`${MARK}=${this.#mark}`)) continue;
      const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
      if (line !== "") found.set(Number(name), line.replaceAll("\0", " ").trim());
    }
    return found;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
