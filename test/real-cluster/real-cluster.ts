import { mkdir } from "node:fs/promises";
import type { Server } from "node:net";
import { join } from "node:path";
import { binariesFrom, findBinaries } from "./binaries.ts";
import { startBmc } from "./bmc.ts";
import type { NodeTimings, Site } from "./control-plane.ts";
import { ControlPlane } from "./control-plane.ts";
import { createCredentials } from "./credentials.ts";
import { buildImages } from "./images/build-images.ts";
import { writeInventory } from "./inventory.ts";
import type { Layout } from "./layout.ts";
import { createMachine } from "./machine-files.ts";
import { servePower } from "./power-controller.ts";
import type { Daemon } from "./run.ts";
import { until } from "./run.ts";
import { Switch } from "./switch.ts";
import { Worker } from "./worker.ts";

/** Longest that three workers may take to be Ready. */
const READY_MS = 120_000;

export const powerSocket = (folder: string): string => join(folder, "power.sock");

/** A whole cluster in one process. What is started is known here at once, so that `stop` ends it at any moment. */
export class RealCluster {
  readonly layout: Layout;
  #site: Site | null = null;
  #control: ControlPlane | null = null;
  #server: Server | null = null;
  readonly #workers: Worker[] = [];
  readonly #bmcs: Daemon[] = [];
  /** Parts of the start that make things, and soon end by themselves once `stop` is called. */
  readonly #begun: Promise<unknown>[] = [];
  #stopping = false;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** Resolves when all workers are Ready and the inventory is written. `tell` hears of each step. */
  async start(timings: NodeTimings, tell: (step: string) => void): Promise<void> {
    const laying = this.#layFoundations();
    this.#begun.push(laying);
    const { site, images } = await laying;
    tell("programs and images are there");
    const control = new ControlPlane(site);
    this.#control = control;
    const switching = this.#startWorkers(site, images);
    this.#begun.push(switching);
    await Promise.all([
      control.start(timings).then(() => tell("the control plane is up")),
      switching.then(() => tell("the workers are switched on")),
    ]);
    await this.untilReady();
    // Three nodes have joined at once.
    await control.restartControllerManager(timings);
    tell("the workers are Ready");
    await this.#writeInventory(timings);
  }

  /**
   * Resolves when every worker is Ready, and pods may go to it. What a kubelet said before its worker's last boot does
   * not count; stamps are cut to the second.
   */
  async untilReady(): Promise<void> {
    await until("all workers are Ready", READY_MS, async () => {
      const off = this.#workers
        .filter(({ state }) => state !== "on")
        .map(({ layout }) => layout.name);
      if (off.length > 0) throw new Error(`${off.join(", ")} is not on`);
      const ready = await this.#control?.api.readyNodes();
      const fresh = this.#workers.every(
        ({ layout, bootedAt }) => (ready?.get(layout.name) ?? 0) >= bootedAt - 1000,
      );
      return fresh && this.#workers.length === this.layout.workers.length ? true : null;
    });
  }

  /** Last in, first out; goes on whatever fails, and then says the first thing that did. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled(this.#begun);
    const failures: unknown[] = [];
    const attempt = async (act: () => Promise<unknown> | undefined): Promise<void> => {
      try {
        await act();
      } catch (error) {
        failures.push(error);
      }
    };
    await attempt(async () => this.#server?.close());
    await Promise.all(this.#bmcs.map(async (bmc) => await attempt(async () => await bmc.kill())));
    await Promise.all(
      this.#workers.map(async (worker) => await attempt(async () => await worker.close())),
    );
    await attempt(async () => await this.#control?.stop());
    await attempt(async () => await this.#site?.lan.stop());
    if (failures.length > 0) throw failures[0];
  }

  async #layFoundations(): Promise<{ readonly site: Site; readonly images: string }> {
    const { layout } = this;
    const source = findBinaries();
    if (source === null) throw new Error("there are no programs of Kubernetes");
    const [binaries, images] = await Promise.all([binariesFrom(source), buildImages()]);
    this.#assertGoingOn();
    const credentials = await createCredentials(layout);
    const lan = await Switch.start(layout);
    const site: Site = { layout, credentials, lan, binaries };
    this.#site = site;
    this.#assertGoingOn();
    return { site, images };
  }

  async #startWorkers(site: Site, images: string): Promise<void> {
    for (const layout of site.layout.workers) {
      this.#assertGoingOn();
      await mkdir(layout.folder);
      const identity = await createMachine(layout, site);
      const worker = new Worker(layout, identity, { site, images });
      this.#workers.push(worker);
      await worker.start();
    }
    const path = powerSocket(site.layout.folder);
    this.#server = await servePower(path, this.#workers, (words) => this.#answer(words));
    for (const worker of this.#workers) this.#bmcs.push(await startBmc(worker, site, path));
  }

  #assertGoingOn(): void {
    if (this.#stopping) throw new Error("it was stopped while it was starting");
  }

  /** `controller-manager restart PERIOD_MS GRACE_MS` and `cluster wait-ready`. */
  #answer([subject, , period, grace]: readonly string[]): Promise<string> | null {
    if (subject === "controller-manager") {
      return this.#retime({
        node_monitor_period_ms: Number(period),
        node_monitor_grace_ms: Number(grace),
      }).then(() => "");
    }
    return subject === "cluster" ? this.untilReady().then(() => "") : null;
  }

  async #retime(timings: NodeTimings): Promise<void> {
    await this.#control?.restartControllerManager(timings);
    await this.#writeInventory(timings);
  }

  async #writeInventory(timings: NodeTimings): Promise<void> {
    if (this.#site === null || this.#control === null) throw new Error("the cluster is not up");
    const kubeSystemUid = await this.#control.api.kubeSystemUid();
    await writeInventory(this.#site, this.#workers, { kubeSystemUid, timings });
  }
}
