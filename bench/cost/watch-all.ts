import { instantInMs, seconds } from "../../src/base/time.ts";
import type { Secrets } from "../../src/contracts/secrets.ts";
import type { ProbeSpec } from "../../src/model/experiment.ts";
import type { Sample } from "../../src/model/sample.ts";
import { collectGarbage } from "../../src/platform/collect-garbage.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { createProbe } from "../../src/probe/create-probe.ts";
import { watchDesktop } from "../play/watch-desktop.ts";
import type { WatchCost } from "../report/results.ts";
import type { WatchOrder } from "./order.ts";
import { spreadOf } from "./spread.ts";

const BYTES_PER_MB = 1e6;
const MICROSECONDS_PER_SECOND = 1e6;
const MEMORY_EVERY_MS = 100;

/** Watches as many desktops as it is told to, at full depth, each on its own phase, and counts what that costs. */
export async function watchAll(order: WatchOrder, secrets: Secrets): Promise<WatchCost> {
  const clock = new SystemClock();
  const probe = createProbe({ clock, secrets });
  const stops: AbortController[] = [];
  const tally = new Tally();
  collectGarbage();
  const memory = new Memory();
  const random = new SeededRandom(1);
  const watches = order.addresses.map(async (address) => {
    // A signal of its own, as each trial has: a thousand listeners on one would make it slow.
    const stop = new AbortController();
    stops.push(stop);
    await watchDesktop(
      { id: address, address, control: null, port: order.port, spec: specFor(order.period_ms) },
      { probe, clock, random },
      tally.add,
      stop.signal,
    );
  });
  const nobody = new AbortController().signal;
  await clock.sleep(seconds(order.warmup_s), nobody);
  const [cpu, began] = [process.cpuUsage(), clock.now()];
  tally.from_ms = instantInMs(began);
  await clock.sleep(seconds(order.seconds), nobody);
  const used = process.cpuUsage(cpu);
  tally.to_ms = instantInMs(clock.now());
  const wall_s = (tally.to_ms - tally.from_ms) / 1000;
  for (const stop of stops) stop.abort();
  await Promise.all(watches);
  return {
    desktops: order.addresses.length,
    seconds: wall_s,
    ...tally.result(),
    ...memory.end(),
    cpu_share: (used.user + used.system) / MICROSECONDS_PER_SECOND / wall_s,
  };
}

const specFor = (period_ms: number): ProbeSpec => ({
  depth: "frame",
  period_ms,
  connect_timeout_ms: 1000,
  attempt_timeout_ms: 2000,
  max_in_flight: 16,
  consecutive: 4,
});

/** Samples of the grid's points between two instants. */
class Tally {
  from_ms = Number.POSITIVE_INFINITY;
  to_ms = Number.POSITIVE_INFINITY;
  readonly #lateness: number[] = [];
  readonly #latency: number[] = [];
  #bad = 0;
  #unobserved = 0;

  readonly add = ({ scheduled_ms, started_ms, ended_ms, result }: Sample): void => {
    if (scheduled_ms < this.from_ms || scheduled_ms >= this.to_ms) return;
    this.#lateness.push(started_ms - scheduled_ms);
    if (result.kind === "unobserved") this.#unobserved += 1;
    else this.#latency.push(ended_ms - started_ms);
    if (result.kind === "bad") this.#bad += 1;
  };

  result(): Pick<WatchCost, "samples" | "bad" | "unobserved" | "lateness_ms" | "latency_ms"> {
    return {
      samples: this.#lateness.length,
      bad: this.#bad,
      unobserved: this.#unobserved,
      lateness_ms: spreadOf(this.#lateness),
      latency_ms: spreadOf(this.#latency),
    };
  }
}

/** Resident memory from now on. */
class Memory {
  readonly #before = process.memoryUsage.rss();
  #highest = this.#before;
  readonly #timer = setInterval(() => {
    this.#highest = Math.max(this.#highest, process.memoryUsage.rss());
  }, MEMORY_EVERY_MS);

  end(): Pick<WatchCost, "rss_mb" | "rss_before_mb"> {
    clearInterval(this.#timer);
    return { rss_mb: this.#highest / BYTES_PER_MB, rss_before_mb: this.#before / BYTES_PER_MB };
  }
}
