import { middleMs } from "../../src/base/interval.ts";
import type { Judged } from "../accuracy/judged.ts";
import { count, medianP95Max, middleNineTenths } from "../report/figures.ts";
import type { PeerError } from "../report/results.ts";
import type { Table } from "../report/table.ts";
import { pollMethods, readings } from "./methods.ts";

const S = 1000;

/** One row a method: how far its down-time is from the truth, and what it never noticed. */
export function peersTable(errors: readonly PeerError[], judged: readonly Judged[]): Table {
  const methods = readings.flatMap((reading) =>
    pollMethods.map((method) => ({
      name: `GET, pause ${method.pause_ms / S} s, timeout ${method.timeout_ms / S} s: ${reading}`,
      of: errors.filter(
        (each) =>
          each.reading === reading &&
          each.pause_ms === method.pause_ms &&
          each.timeout_ms === method.timeout_ms,
      ),
    })),
  );
  return {
    title: "The same outages by sequential polls: error of the down-time",
    columns: ["method", "n", "missed", "too long by, s", "|error|, s"],
    rows: [...methods.map(({ name, of }) => row(name, of)), ...ownRows(judged)],
    notes: [
      "Missed: nothing was noticed, so such a tool reports 0 s, or no end was. The others: too long by, as 5th percentile / " +
        "median / 95th percentile; |error| as median / 95th percentile / largest. Own rows: the middle of the interval that is reported.",
    ],
  };
}

function row(name: string, errors: readonly PeerError[]): readonly string[] {
  const noticed = errors.flatMap(({ reported_ms, truth_ms }) =>
    reported_ms === null ? [] : [(reported_ms - truth_ms) / S],
  );
  return figures(name, { n: errors.length, missed: errors.length - noticed.length, noticed });
}

function ownRows(judged: readonly Judged[]): readonly (readonly string[])[] {
  const periods = [...new Set(judged.map(({ period_ms }) => period_ms))].toSorted((a, b) => b - a);
  return periods.map((period) => {
    const mine = judged.filter(({ period_ms }) => period_ms === period);
    const noticed = mine.flatMap(({ intervals: { outage } }) =>
      outage.seen_ms === null ? [] : [(middleMs(outage.seen_ms) - middleMs(outage.truth_ms)) / S],
    );
    const missed = mine.length - noticed.length;
    return figures(`blackout, open loop, ${period} ms`, { n: mine.length, missed, noticed });
  });
}

const figures = (
  name: string,
  of: { readonly n: number; readonly missed: number; readonly noticed: readonly number[] },
): readonly string[] => [
  name,
  count(of.n),
  count(of.missed),
  middleNineTenths(of.noticed, 2),
  medianP95Max(of.noticed.map(Math.abs), 2),
];
