import { inMs, minutes } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { ClusterDriver, DesktopRequest } from "../contracts/cluster-driver.ts";
import type { Probe } from "../contracts/probe.ts";
import type { DesktopSpec, ProbeSpec } from "../model/experiment.ts";
import type { LabSpec } from "../model/lab.ts";
import type { Sample } from "../model/sample.ts";
import { ScaledClock } from "../platform/scaled-clock.ts";
import { SeededRandom } from "../platform/seeded-random.ts";
import { createProbe } from "../probe/create-probe.ts";
import { startLabProcess } from "./lab-process.ts";
import { loadInventory } from "./load.ts";
import { secretsFor } from "./surroundings.ts";
import { processTerminal } from "./terminal.ts";
import { openDriver } from "./wire.ts";

export interface AttemptCounts {
  readonly good: number;
  readonly bad: number;
  readonly unobserved: number;
  /** How the bad ones failed, at most ten. */
  readonly failures: readonly string[];
  readonly realPeriodMs: number;
}

const probeSpec: ProbeSpec = {
  depth: "frame",
  period_ms: 250,
  connect_timeout_ms: 1000,
  attempt_timeout_ms: 2000,
  max_in_flight: 16,
  consecutive: 4,
};

/** Watches one healthy desktop on each cluster of a fresh lab until `attempts` have been made in all. */
export async function healthyAttempts(spec: LabSpec, attempts: number): Promise<AttemptCounts> {
  const lab = await startLabProcess(spec);
  try {
    const parsed = await loadInventory(lab.inventoryPath);
    if (parsed.kind === "lab") throw new Error("the lab wrote an inventory that asks for a lab");
    const { clusters } = parsed.inventory;
    const secrets = secretsFor(processTerminal());
    const counter = new Counter(attempts);
    const watched = clusters.map(async (cluster) => {
      if (cluster.lab === null) return;
      const clock = new ScaledClock(cluster.lab);
      const random = new SeededRandom(spec.seed);
      const driver = await openDriver(cluster, { clock, random, secrets });
      try {
        await watchDesktop(driver, { clock, probe: createProbe({ clock, secrets }) }, counter);
      } finally {
        await driver.close();
      }
    });
    await Promise.all(watched);
    return counter.counts();
  } finally {
    await lab.stop();
  }
}

async function watchDesktop(
  driver: ClusterDriver,
  { clock, probe }: { readonly clock: Clock; readonly probe: Probe },
  counter: Counter,
): Promise<void> {
  const spec = desktopFor(driver.kind);
  const request: DesktopRequest = {
    spec,
    placement: { kind: "any" },
    run: "selftest",
    trial: `selftest-${driver.kind}`,
    mark: "blackout selftest",
  };
  const patience = clock.timeout(minutes(10));
  const desktop = await driver.prepare(request, patience);
  await driver.deploy(desktop, request, patience);
  const endpoint = await driver.endpoint(desktop, spec, null, patience);
  const grid = probe.effective(probeSpec, endpoint);
  counter.realPeriodMs = inMs(grid.period) / clock.speed;
  // What the guest needs to boot is not a failure: count from the first good attempt.
  await probe.watch(
    {
      trial: request.trial,
      target: "desktop",
      endpoint: () => endpoint,
      spec: probeSpec,
      start: clock.now(),
      grid,
    },
    counter.add(driver.name),
    counter.done,
  );
}

function desktopFor(kind: ClusterDriver["kind"]): DesktopSpec {
  const page = { page: "/vnc.html", websocket: "/websockify", vnc_password: null };
  return kind === "proxmox"
    ? {
        kind,
        source: { kind: "clone", template: 9000, pool: null },
        reach: {
          kind: "guest",
          address: null,
          port: 6080,
          page: page.page,
          websocket: page.websocket,
        },
        vnc_password: null,
      }
    : {
        kind,
        namespace: "blackout-selftest",
        image: "registry.example/novnc-desktop:1",
        port: 6080,
        toleration_s: 1,
        ...page,
        reach: { kind: "ingress", host: null },
      };
}

class Counter {
  realPeriodMs = 0;
  readonly #limit: number;
  readonly #done = new AbortController();
  #good = 0;
  #bad = 0;
  #unobserved = 0;
  readonly #failures: string[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get done(): AbortSignal {
    return this.#done.signal;
  }

  add(cluster: string): (sample: Sample) => void {
    let answered = false;
    return ({ result, started_ms, ended_ms }) => {
      if (result.kind === "good") answered = true;
      if (!answered || this.#done.signal.aborted) return;
      if (result.kind === "good") this.#good += 1;
      if (result.kind === "unobserved") this.#unobserved += 1;
      if (result.kind === "bad") {
        this.#bad += 1;
        const { failure } = result;
        const took = (ended_ms - started_ms).toFixed(0);
        if (this.#failures.length < 10) {
          this.#failures.push(`${cluster}: ${JSON.stringify(failure)} after ${took} ms (lab time)`);
        }
      }
      if (this.#good + this.#bad >= this.#limit) this.#done.abort();
    };
  }

  counts(): AttemptCounts {
    return {
      good: this.#good,
      bad: this.#bad,
      unobserved: this.#unobserved,
      failures: this.#failures,
      realPeriodMs: this.realPeriodMs,
    };
  }
}
