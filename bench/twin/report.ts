import { fixed } from "../../src/reporters/format.ts";
import type { Check } from "../report/check.ts";
import { count } from "../report/figures.ts";
import type { TwinSpeed } from "../report/results.ts";
import type { Table } from "../report/table.ts";

const MS_PER_SECOND = 1000;
const MANY = 10_000;
const MOST_S = 10;

export const twinTable = (speeds: readonly TwinSpeed[]): Table => ({
  title: "The twin: predicted failovers",
  columns: ["twin", "failovers", "per second and core", "10,000 take, s"],
  rows: speeds.map(({ twin, failovers, cpu_ms }) => [
    twin,
    count(failovers),
    count(Math.round((MS_PER_SECOND * failovers) / cpu_ms)),
    fixed(secondsForMany({ failovers, cpu_ms }), 1),
  ]),
  notes: [],
});

export const twinChecks = (speeds: readonly TwinSpeed[]): readonly Check[] =>
  speeds.map((speed) => {
    const took = secondsForMany(speed);
    return {
      text: `${speed.twin}: ${count(MANY)} predicted failovers take ${fixed(took, 1)} s on one core (below ${MOST_S} s)`,
      ok: took < MOST_S,
    };
  });

const secondsForMany = ({ failovers, cpu_ms }: Omit<TwinSpeed, "twin">): number =>
  (MANY * cpu_ms) / failovers / MS_PER_SECOND;
