import type { Duration, Instant } from "../base/time.ts";
import { formatDuration, instantInMs } from "../base/time.ts";
import type { Probe } from "../contracts/probe.ts";
import type { Sample, SampleResult } from "../model/sample.ts";
import type { AttemptMeans } from "./attempt.ts";
import { attempt } from "./attempt.ts";
import { FramePlaces } from "./frame-places.ts";
import { InOrder } from "./in-order.ts";
import type { Manners } from "./manners.ts";
import { fateOf, pointOf } from "./pace.ts";

export type Order = Parameters<Probe["watch"]>[0];

export type WatchMeans = AttemptMeans & { readonly manners: Manners };

/**
 * Walks the grid until `signal` is aborted; then waits for the attempts in flight. Each point of the grid that has come
 * gets one sample: of its attempt, or of why there was none. Rejects only for a bug, here or in `onSample`.
 */
export async function watchEndpoint(
  order: Order,
  means: WatchMeans,
  onSample: (sample: Sample) => void,
  signal: AbortSignal,
): Promise<void> {
  const watch = new Watch(order, means, onSample);
  const grid = { start: order.start, period: order.grid.period };
  const maximum = order.spec.max_in_flight;
  for (let seq = 0; ;) {
    const point = pointOf(grid, seq);
    const now = means.clock.now();
    const fate = fateOf(point, now, grid, { inFlight: watch.inFlight, maximum });
    if (fate.kind === "wait") {
      if (!(await waits(means, fate.remaining, signal))) break;
      continue;
    }
    if (signal.aborted || watch.isBroken) break;
    if (fate.kind === "start") watch.start(seq, point);
    else watch.miss({ seq, point, now, result: missed(fate, watch.inFlight) });
    seq += 1;
  }
  await watch.end();
}

/** False when it was told to stop meanwhile. */
async function waits(means: AttemptMeans, time: Duration, signal: AbortSignal): Promise<boolean> {
  try {
    await means.clock.sleep(time, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

const missed = (
  fate: { readonly kind: "late"; readonly by: Duration } | { readonly kind: "skipped" },
  inFlight: number,
): SampleResult => ({
  kind: "unobserved",
  why: fate.kind,
  detail:
    fate.kind === "late"
      ? `the prober came ${formatDuration(fate.by)} late`
      : `${inFlight} earlier attempts were under way`,
});

interface Missed {
  readonly seq: number;
  readonly point: Instant;
  readonly now: Instant;
  readonly result: SampleResult;
}

/** What attempts of one watch share. */
class Watch {
  readonly #order: Order;
  readonly #means: WatchMeans;
  readonly #samples: InOrder;
  readonly #places = new FramePlaces();
  readonly #running = new Set<Promise<void>>();
  #broken: { readonly error: unknown } | null = null;

  constructor(order: Order, means: WatchMeans, onSample: (sample: Sample) => void) {
    this.#order = order;
    this.#means = means;
    this.#samples = new InOrder(onSample);
  }

  get inFlight(): number {
    return this.#running.size;
  }

  get isBroken(): boolean {
    return this.#broken !== null;
  }

  start(seq: number, point: Instant): void {
    const running: Promise<void> = this.#attempt(seq, point)
      .catch((error: unknown) => {
        this.#broken ??= { error };
      })
      .finally(() => {
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  miss({ seq, point, now, result }: Missed): void {
    this.#samples.add(this.#sample(seq, { point, started: now, ended: now }, result));
  }

  async end(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#broken !== null) throw this.#broken.error;
  }

  async #attempt(seq: number, point: Instant): Promise<void> {
    const { endpoint, spec, grid } = this.#order;
    const started = this.#means.clock.now();
    const { manners } = this.#means;
    const held = (): boolean => manners.lockOut.holds(this.#means.clock.now());
    const shared = { places: this.#places, manners };
    const order = { endpoint, depth: spec.depth, held, grid, ...shared };
    const outcome = await attempt(order, this.#means);
    const result = manners.lockOut.judge(outcome);
    this.#samples.add(this.#sample(seq, { point, started, ended: outcome.ended }, result));
  }

  #sample(
    seq: number,
    at: { readonly point: Instant; readonly started: Instant; readonly ended: Instant },
    result: SampleResult,
  ): Sample {
    return {
      seq,
      trial: this.#order.trial,
      target: this.#order.target,
      scheduled_ms: instantInMs(at.point),
      started_ms: instantInMs(at.started),
      ended_ms: instantInMs(at.ended),
      result,
    };
  }
}
