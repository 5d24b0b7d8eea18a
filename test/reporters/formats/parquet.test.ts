import { tableFromIPC } from "apache-arrow";
import { readParquet } from "parquet-wasm";
import { expect, test } from "vitest";
import type { Column } from "../../../src/reporters/columns/column.ts";
import { sampleColumns } from "../../../src/reporters/columns/sample-columns.ts";
import { trialColumns, trialRows } from "../../../src/reporters/columns/trial-columns.ts";
import { parquet } from "../../../src/reporters/parquet.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { streamed } from "../../support/fake-run.ts";
import { filesOf, inputFor } from "../../support/report-input.ts";
import { emptyReport } from "../empty-report.ts";
import { hostileReport } from "../hostile-report.ts";
import { everySample } from "./samples.ts";

async function tables(report = fakeReport(), samples = everySample) {
  const input = inputFor(report, { samples: () => streamed(samples) });
  const files = await filesOf(parquet, input);
  return new Map(
    files.map(({ path, bytes }) => [path, tableFromIPC(readParquet(bytes).intoIPCStream())]),
  );
}

/** As Apache's own reader gives them: integers of 64 bits are bigints. */
const wanted = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]) =>
  rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, type, cell }) => {
        const value = cell(row);
        return [name, type === "integer" && typeof value === "number" ? BigInt(value) : value];
      }),
    ),
  );

test.each([
  ["a run", fakeReport],
  ["one of nothing but hostile words", hostileReport],
])("another reader of Parquet finds in both tables of %s what was written", async (_, make) => {
  const report = make();
  const read = await tables(report);
  const trials = read
    .get("trials.parquet")
    ?.toArray()
    .map((row) => row.toJSON());
  expect(trials).toEqual(wanted(trialColumns, trialRows(report)));
  const samples = read
    .get("samples.parquet")
    ?.toArray()
    .map((row) => row.toJSON());
  expect(samples).toEqual(wanted(sampleColumns, everySample));
});

test("a table without rows is no file", async () => {
  expect([...(await tables(emptyReport(), [])).keys()]).toEqual([]);
});

test("columns have their types even where every cell is empty", async () => {
  const { trials } = fakeReport();
  const voided = trials.filter(({ outcome }) => outcome.kind === "void");
  const table = (await tables(fakeReport({ trials: voided }))).get("trials.parquet");
  const types = new Map(table?.schema.fields.map(({ name, type }) => [name, String(type)]));
  expect(types.get("trial")).toBe("Utf8");
  expect(types.get("repetition")).toBe("Int64");
  expect(types.get("recovery_s")).toBe("Float64");
  expect(types.get("inside_prediction")).toBe("Bool");
});

test("unit and meaning of each column stand in the file", async () => {
  const table = (await tables()).get("samples.parquet");
  const about: unknown = JSON.parse(table?.schema.metadata.get("blackout") ?? "null");
  expect(about).toMatchObject({
    run: fakeReport().run,
    columns: sampleColumns.map(({ name, unit, meaning }) => ({ name, unit, meaning })),
  });
});

test("more rows than a group holds come in their order", async () => {
  const [sample] = everySample;
  if (sample === undefined) throw new Error("no sample");
  const many = Array.from({ length: 50_001 }, (_, seq) => ({ ...sample, seq }));
  const table = (await tables(fakeReport(), many)).get("samples.parquet");
  expect(table?.numRows).toBe(50_001);
  expect(table?.getChild("seq")?.get(50_000)).toBe(50_000n);
});
