import type { RangeMs } from "../base/interval.ts";
import type { LiveResult } from "../live/live-event.ts";
import type { SpellKind } from "../model/trial-result.ts";

/** `134.2 s`, `12 min 5 s`. */
export function length(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 600) return `${seconds.toFixed(1)} s`;
  return seconds < 7200
    ? `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** For what ticks: tenths of a second that nobody can read are left out. */
export const ticking = (ms: number): string =>
  ms < 600_000 ? `${Math.floor(Math.max(0, ms) / 1000)} s` : length(ms);

/** `3 to 4 min`; one of them where both are said alike. */
export function lengths([low, high]: RangeMs): string {
  const [unit, ms] =
    high < 120_000 ? ["s", 1000] : high < 7_200_000 ? ["min", 60_000] : ["h", 3_600_000];
  const [from, to] = [low, high].map((each) => Math.max(0, Math.round(each / ms)));
  return from === to ? `${to} ${unit}` : `${from} to ${to} ${unit}`;
}

/** `128 to 145 s`, `5.6 to 6.2 s`. */
export function range([low, high]: RangeMs): string {
  const digits = high < 10_000 ? 1 : 0;
  const [from, to] = [low, high].map((ms) => (ms / 1000).toFixed(digits));
  return from === to ? `${to} s` : `${from} to ${to} s`;
}

/** What came of a trial, in a few words. */
export function outcome(result: LiveResult): string {
  const { outcome: came, durations_ms } = result;
  switch (came?.kind) {
    case "recovered": {
      const { recovery } = durations_ms;
      return recovery === null ? "recovered" : length((recovery[0] + recovery[1]) / 2);
    }
    case "no-outage":
      return "no outage";
    case "censored":
      return `longer than ${length(came.longer_than_ms)}`;
    case "void":
    case "refused":
    case "interrupted":
      return came.kind;
    case undefined:
      return "see the report";
  }
}

/** More of it, where there is more to say. */
export function remark({ outcome: came, victim, moved_to }: LiveResult): string {
  switch (came?.kind) {
    case "recovered": {
      const where = `${victim ?? "?"} → ${moved_to ?? "?"}`;
      return came.instance === "same" ? `${where}, the same instance: no failover` : where;
    }
    case "void":
    case "refused":
    case "interrupted":
      return came.why;
    case "no-outage":
    case "censored":
    case undefined:
      return "";
  }
}

export const spellWords: Readonly<Record<SpellKind, string>> = {
  answering: "answers",
  silent: "no answer",
  unreachable: "no way there",
  refused: "connection refused",
  "http-error": "page with an error",
  handshake: "page without a desktop",
  black: "black picture",
  unobserved: "not observed",
};
