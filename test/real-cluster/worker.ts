import { constants, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Site } from "./control-plane.ts";
import { createControlGroups, removeControlGroups } from "./control-groups.ts";
import type { WorkerLayout } from "./layout.ts";
import type { MachineIdentity } from "./machine-files.ts";
import { Daemon, until } from "./run.ts";

/** `hung`: a panicked kernel. It has power and does nothing. */
export type PowerState = "off" | "on" | "hung";

/**
 * From power to the first instruction of the system: a self-test, far shorter than a server's, but as with a server long
 * enough to be seen as a silence.
 */
const SELF_TEST_MS = 5000;

/** A letter that was written to magic SysRq, or what `poweroff` and `reboot` stand for. */
type Letter = "o" | "b" | "c";

/**
 * One machine: its power, and the processes that run while it has some. All that happens to its power happens in turn.
 */
export class Worker {
  readonly layout: WorkerLayout;
  readonly identity: MachineIdentity;
  readonly #site: Site;
  readonly #images: string;
  #state: PowerState = "off";
  #bootedAt = 0;
  #init: Daemon | null = null;
  #selfTest: AbortController | null = null;
  #turn: Promise<void> = Promise.resolve();
  readonly #button: Socket;

  constructor(
    layout: WorkerLayout,
    identity: MachineIdentity,
    { site, images }: { readonly site: Site; readonly images: string },
  ) {
    this.layout = layout;
    this.identity = identity;
    this.#site = site;
    this.#images = images;
    this.#button = this.#listen();
  }

  get state(): PowerState {
    return this.#state;
  }

  /** When it was last switched on: wall clock, in milliseconds. */
  get bootedAt(): number {
    return this.#bootedAt;
  }

  /** Boots a new machine, without a self-test. */
  async start(): Promise<void> {
    await this.#inTurn(async () => await this.#boot());
  }

  async on(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#state === "off") this.#switchOn();
    });
  }

  async off(): Promise<void> {
    await this.#inTurn(async () => await this.#cut("off"));
  }

  /** A machine without power stays without. */
  async reset(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#state === "off") return;
      await this.#cut("off");
      this.#switchOn();
    });
  }

  async panic(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#state === "on") await this.#cut("hung");
    });
  }

  /** Cuts the power and forgets the machine. */
  async close(): Promise<void> {
    this.#button.destroy();
    await this.off();
  }

  #switchOn(): void {
    const selfTest = new AbortController();
    const { signal } = selfTest;
    this.#selfTest = selfTest;
    this.#state = "on";
    this.#bootedAt = Date.now();
    void pause(SELF_TEST_MS, undefined, { signal })
      .then(
        async () => await this.#inTurn(async () => (signal.aborted ? null : await this.#boot())),
      )
      .catch((error: unknown) => (signal.aborted ? null : reportTrouble(error)));
  }

  async #boot(): Promise<void> {
    const site = this.#site;
    const { name, folder } = this.layout;
    await createControlGroups(join(site.layout.name, name));
    const namespaces = ["--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"];
    const boot = [join(folder, "machine/boot.sh"), folder, site.binaries, this.#images];
    const init = new Daemon(name, ["unshare", ...namespaces, "sh", ...boot], {
      folder: site.layout.folder,
      logFile: join(site.layout.folder, `logs/${name}.log`),
    });
    this.#init = init;
    this.#state = "on";
    this.#bootedAt = Date.now();
    await site.lan.plug(this.layout, init.pid);
    // An init that ends takes all of its machine along: the kernel would panic.
    void this.#panicAfter(init);
  }

  async #panicAfter(init: Daemon): Promise<void> {
    await init.ended;
    if (this.#init === init) await this.panic();
  }

  /** Unplugged first: a dead machine says no farewell, and dying processes would. */
  async #cut(leaves: PowerState): Promise<void> {
    const { lan, layout } = this.#site;
    const init = this.#init;
    this.#init = null;
    this.#selfTest?.abort();
    this.#state = leaves;
    if (init === null) return;
    await lan.unplug(this.layout);
    const first = await firstProcess(init.pid);
    if (first !== null && init.running) process.kill(first, "SIGKILL");
    else await init.kill();
    await init.ended;
    await removeControlGroups(join(layout.name, this.layout.name));
  }

  /** The other end of the worker's /run/power, which stays open so that no boot finds it closed. */
  #listen(): Socket {
    const flags = constants.O_RDWR | constants.O_NONBLOCK;
    const pipe = new Socket({ fd: openSync(join(this.layout.folder, "power"), flags) });
    pipe.on("data", (written: Buffer) => {
      const letter = written.toString().trim().slice(0, 1);
      if (isLetter(letter)) void this.#press(letter).catch(reportTrouble);
    });
    return pipe;
  }

  async #press(letter: Letter): Promise<void> {
    switch (letter) {
      case "o":
        return await this.off();
      case "b":
        return await this.reset();
      case "c":
        return await this.panic();
    }
  }

  async #inTurn(act: () => Promise<unknown>): Promise<void> {
    const done = this.#turn.then(act).then(() => undefined);
    this.#turn = done.catch(() => undefined);
    await done;
  }
}

const isLetter = (letter: string): letter is Letter => ["o", "b", "c"].includes(letter);

const reportTrouble = (error: unknown): void => {
  process.stderr.write(`${String(error)}\n`);
};

/** Process 1 of the namespace that `unshare` made: its only child. Null when there is none (yet, or any more). */
async function firstProcess(unshare: number): Promise<number | null> {
  const children = await until("the init of a worker", 2000, async () => {
    const file = `/proc/${unshare}/task/${unshare}/children`;
    const found = await readFile(file, "utf8").catch(() => "none");
    return found === "" ? null : found;
  }).catch(() => "none");
  const child = Number.parseInt(children, 10);
  return Number.isNaN(child) ? null : child;
}
