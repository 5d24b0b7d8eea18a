import { fixed } from "../../src/reporters/format.ts";
import { count } from "../report/figures.ts";
import type { TwinSpeed } from "../report/results.ts";
import type { Table } from "../report/table.ts";

const MS_PER_SECOND = 1000;
const MANY = 10_000;

export const twinTable = (speeds: readonly TwinSpeed[]): Table => ({
  title: "The twin: predicted failovers",
  columns: ["twin", "failovers", "per second and core", "10,000 take, s"],
  rows: speeds.map(({ twin, failovers, cpu_ms }) => [
    twin,
    count(failovers),
    count(Math.round((MS_PER_SECOND * failovers) / cpu_ms)),
    fixed((MANY * cpu_ms) / failovers / MS_PER_SECOND, 1),
  ]),
  notes: [],
});
