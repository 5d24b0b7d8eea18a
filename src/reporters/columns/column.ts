import type { RangeMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import { plainText } from "../../base/plain-text.ts";

/** One column of a table that other programs read: CSV and Parquet have the same ones, and docs/formats.md lists them. */
export interface Column<Row> {
  /** Ends in its unit, where it has one. */
  readonly name: string;
  readonly type: ColumnType;
  readonly unit: Unit;
  /** In a few words, without a full stop. */
  readonly meaning: string;
  /** Null: not known or not measured, never zero. */
  readonly cell: (row: Row) => Cell;
}

export type ColumnType = "text" | "integer" | "number" | "boolean";
/** Empty: it has none. */
type Unit = "s" | "ms" | "";
export type Cell = string | number | boolean | null;

interface About {
  readonly unit?: Unit;
  readonly meaning: string;
}

/** Foreign text becomes one plain line. */
export const text = <Row>(
  name: string,
  meaning: string,
  cell: (row: Row) => string | null | undefined,
): Column<Row> => ({
  name,
  type: "text",
  unit: "",
  meaning,
  cell: (row) => {
    const value = cell(row);
    return value === null || value === undefined ? null : plainText(value);
  },
});

export const integer = <Row>(
  name: string,
  { unit = "", meaning }: About,
  cell: (row: Row) => number | null | undefined,
): Column<Row> => ({ name, type: "integer", unit, meaning, cell: (row) => cell(row) ?? null });

export const number = <Row>(
  name: string,
  { unit = "", meaning }: About,
  cell: (row: Row) => number | null | undefined,
): Column<Row> => ({ name, type: "number", unit, meaning, cell: (row) => cell(row) ?? null });

export const boolean = <Row>(
  name: string,
  meaning: string,
  cell: (row: Row) => boolean | null | undefined,
): Column<Row> => ({
  name,
  type: "boolean",
  unit: "",
  meaning,
  cell: (row) => cell(row) ?? null,
});

/** A number of seconds, to the millisecond, from one of milliseconds. */
export const seconds = <Row>(
  name: string,
  meaning: string,
  msOf: (row: Row) => number | null | undefined,
): Column<Row> =>
  number(name, { unit: "s", meaning }, (row) => {
    const ms = msOf(row);
    return ms === null || ms === undefined ? null : Math.round(ms) / 1000;
  });

type RangeOf<Row> = (row: Row) => RangeMs | null | undefined;

/** A duration that is known within bounds: the middle of its range, and the range's ends. */
export const range = <Row>(
  name: string,
  meaning: string,
  rangeOf: RangeOf<Row>,
): readonly Column<Row>[] => [
  seconds(`${name}_s`, `${meaning}: middle of what it is known to lie in`, (row) => {
    const known = rangeOf(row);
    return known ? middleMs(known) : null;
  }),
  ...ends(name, meaning, rangeOf),
];

/** Both ends alone. */
export const ends = <Row>(
  name: string,
  meaning: string,
  rangeOf: RangeOf<Row>,
): readonly Column<Row>[] => [
  seconds(`${name}_low_s`, `${meaning}: lower bound`, (row) => rangeOf(row)?.[0]),
  seconds(`${name}_high_s`, `${meaning}: upper bound`, (row) => rangeOf(row)?.[1]),
];
