import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { createProbe } from "../../src/probe/create-probe.ts";
import { AssertionError } from "../../src/base/assert.ts";
import { originOf } from "../accuracy/clock-origin.ts";
import { judge } from "../accuracy/judge.ts";
import type { Judged } from "../accuracy/judged.ts";
import { Prober, specFor } from "../accuracy/prober.ts";
import { peerErrors } from "../peers/errors.ts";
import { Pollers } from "../peers/pollers.ts";
import type { Part } from "../player/schedule.ts";
import type { PeerError } from "../report/results.ts";
import { runPlay } from "./run-play.ts";
import type { Truth } from "./truth-book.ts";

/** Of each nine kinds as many, but for one. */
const WHOLE: readonly Part[] = [
  { period_ms: 250, outages: 400, at_once: 40, longest_ms: 40_000 },
  { period_ms: 50, outages: 100, at_once: 10, longest_ms: 20_000 },
];
const QUICK: readonly Part[] = [
  { period_ms: 250, outages: 31, at_once: 16, longest_ms: 10_000 },
  { period_ms: 50, outages: 9, at_once: 5, longest_ms: 10_000 },
];

export interface PlayOptions {
  readonly seed: number;
  readonly quick: boolean;
  /** Who is to watch. */
  readonly accuracy: boolean;
  readonly peers: boolean;
}

/** One play, watched by the prober in this process and by the peers' pollers in another, at the same time. */
export async function measurePlay(
  { seed, quick, accuracy, peers }: PlayOptions,
  onProgress: (text: string) => void,
): Promise<{ readonly accuracy: Judged[] | null; readonly peers: PeerError[] | null }> {
  const clock = new SystemClock();
  const random = new SeededRandom(seed).fork("prober");
  const prober = new Prober({ clock, random, probe: createProbe({ clock, secrets }) });
  const pollers = peers ? new Pollers(seed) : null;
  const parts = quick ? QUICK : WHOLE;
  const outages = parts.reduce((sum, part) => sum + part.outages, 0);
  const truths = await runPlay(
    { kind: "play", seed, parts: [...parts] },
    [...(accuracy ? [prober] : []), ...(pollers === null ? [] : [pollers])],
    (closed) => onProgress(`${closed} of ${outages} outages played`),
  );
  const origin = originOf(clock);
  const judged = (truth: Truth): Judged =>
    judge(truth, prober.samplesOf(truth.id), {
      origin,
      spec: specFor(truth.period_ms),
      random: new SeededRandom(seed).fork(`fault ${truth.id}`),
    });
  return {
    accuracy: accuracy ? truths.map(judged) : null,
    peers: pollers === null ? null : [...peerErrors(truths, pollers.seen)],
  };
}

const secrets = {
  resolve: async (): Promise<never> =>
    await Promise.reject(new AssertionError("the played desktops ask for no password")),
};
