import type { Random } from "../../src/contracts/random.ts";
import type { Layer } from "../../src/model/experiment.ts";
import { layers } from "../../src/model/experiment.ts";
import type { Failure, Sample, SampleResult } from "../../src/model/sample.ts";

/** How a desktop that is down meets its callers. `unheard`: silent, and who is up again by then hears the SYN that is resent. */
export type DownAs = "silent" | "unheard" | "unreachable" | "refused" | "http-error" | "closing";

/** It was truly down from `from_ms` on, and up again from `to_ms` on. */
export interface Down {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly as: DownAs;
}

export interface FakeWatch {
  readonly trial: string;
  readonly downs: readonly Down[];
  readonly start_ms: number;
  readonly end_ms: number;
  readonly period_ms: number;
  readonly connect_timeout_ms: number;
  readonly attempt_timeout_ms: number;
  readonly random: Random;
  /** Share of the grid's points that the prober missed. */
  readonly unobserved: number;
  /** Who answers at that moment. */
  readonly instance: (at_ms: number) => string | null;
}

/** The longest that one good attempt takes here, ms. */
export const LONGEST_ATTEMPT_MS = 43;
/** Unreachable hosts are reported by the network after this time, ms. */
const UNREACHABLE_MS = 800;
/** Linux sends a SYN that was not answered again after this time, ms. */
const RESENT_MS = 1000;

/** What a probe on a fixed grid would have seen of a desktop that was down as told. */
export function fakeSamples(watch: FakeWatch): readonly Sample[] {
  const samples: Sample[] = [];
  for (let seq = 0; watch.start_ms + seq * watch.period_ms < watch.end_ms; seq++) {
    const scheduled_ms = watch.start_ms + seq * watch.period_ms;
    const started_ms = scheduled_ms + watch.random.next();
    samples.push({
      seq,
      trial: watch.trial,
      target: "desktop",
      scheduled_ms,
      started_ms,
      ...(watch.random.next() < watch.unobserved
        ? { ended_ms: started_ms, result: unobserved }
        : attemptAt(started_ms, watch)),
    });
  }
  return samples;
}

const unobserved: SampleResult = { kind: "unobserved", why: "late", detail: "the prober was late" };

type Attempt = Pick<Sample, "ended_ms" | "result">;

/** Goes through the layers one after the other and fails at the first one that meets a desktop that is down. */
function attemptAt(started_ms: number, watch: FakeWatch): Attempt {
  let now = started_ms;
  let reached: Layer | null = null;
  for (const layer of layers) {
    now += layer === "tcp" ? 0.5 + 2.5 * watch.random.next() : 1 + 9 * watch.random.next();
    let down = downAt(now, watch);
    if (down?.as === "unheard" && layer === "tcp" && RESENT_MS < watch.connect_timeout_ms) {
      now += RESENT_MS;
      down = downAt(now, watch);
    }
    const failure = down === undefined ? null : failureOf(down.as, layer);
    if (failure !== null) {
      const ended_ms = endOf(failure, { started_ms, now }, watch);
      return { ended_ms, result: { kind: "bad", reached, failure } };
    }
    reached = layer;
  }
  return { ended_ms: now, result: { kind: "good", instance: watch.instance(now) } };
}

const downAt = (at_ms: number, { downs }: FakeWatch): Down | undefined =>
  downs.find(({ from_ms, to_ms }) => from_ms <= at_ms && at_ms < to_ms);

function failureOf(as: DownAs, layer: Layer): Failure | null {
  switch (as) {
    case "silent":
    case "unheard":
      return { kind: "timed-out", during: layer };
    case "unreachable":
      return layer === "tcp"
        ? { kind: "unreachable", code: "EHOSTUNREACH" }
        : { kind: "timed-out", during: layer };
    case "refused":
      return layer === "tcp" ? { kind: "refused" } : { kind: "reset", during: layer };
    case "http-error":
      if (layer === "tcp") return null;
      return layer === "http"
        ? { kind: "http-status", status: 503 }
        : { kind: "closed", during: layer };
    case "closing":
      if (layers.indexOf(layer) < layers.indexOf("rfb")) return null;
      return { kind: "websocket-close", code: 1011, reason: "Failed to connect to downstream" };
  }
}

function endOf(
  failure: Failure,
  at: { readonly started_ms: number; readonly now: number },
  watch: FakeWatch,
): number {
  if (failure.kind === "unreachable") return at.started_ms + UNREACHABLE_MS;
  if (failure.kind !== "timed-out") return at.now;
  const timeout = failure.during === "tcp" ? watch.connect_timeout_ms : watch.attempt_timeout_ms;
  return at.started_ms + timeout;
}
