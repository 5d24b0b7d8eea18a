import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { BasicType } from "hyparquet-writer";
import type { RunReport } from "../model/run-report.ts";
import type { Cell, Column, ColumnType } from "./columns/column.ts";
import { sampleColumns } from "./columns/sample-columns.ts";
import { trialColumns, trialRows } from "./columns/trial-columns.ts";
import type { ReportFile, Reporter } from "./reporter.ts";

/** The tables of `trials.csv` and `samples.csv`, typed; what columns mean stands in the files' own metadata. */
export const parquet: Reporter = async function* ({ report, samples }) {
  yield* fileOf("trials.parquet", trialColumns, trialRows(report), report);
  yield* fileOf("samples.parquet", sampleColumns, samples(), report);
};

type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

/** None for a table without rows: the library writes an end of it that other readers refuse. */
async function* fileOf<Row>(
  path: string,
  columns: readonly Column<Row>[],
  rows: Rows<Row>,
  { run }: RunReport,
): AsyncGenerator<ReportFile> {
  const groups = groupsOf(rows);
  const first = await groups.next();
  if (first.done === true) return;
  const file = beginFile(columns, run);
  yield { path, content: written(file, columns, first.value, groups) };
}

function beginFile<Row>(columns: readonly Column<Row>[], run: string): OpenFile {
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: columns.map((column) => filled(column, [])) }),
    createdBy: "blackout",
    kvMetadata: [{ key: "blackout", value: aboutColumns(columns, run) }],
  });
  return { writer, file };
}

interface OpenFile {
  readonly writer: ByteWriter;
  readonly file: ParquetWriter;
}

/** A part after each group of rows, then the file's end. */
async function* written<Row>(
  { writer, file }: OpenFile,
  columns: readonly Column<Row>[],
  first: readonly Row[],
  more: AsyncIterable<readonly Row[]>,
): AsyncGenerator<Uint8Array> {
  const write = async (group: readonly Row[]): Promise<Uint8Array> => {
    await file.write({
      columnData: columns.map((column) => filled(column, group)),
      rowGroupSize: group.length,
    });
    return taken(writer);
  };
  yield await write(first);
  for await (const group of more) yield await write(group);
  await file.finish();
  yield taken(writer);
}

/** So many rows are held in memory at once: a row group. */
const GROUP = 50_000;

async function* groupsOf<Row>(rows: Rows<Row>): AsyncGenerator<readonly Row[], undefined> {
  let group: Row[] = [];
  for await (const row of rows) {
    group.push(row);
    if (group.length < GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

const filled = <Row>({ name, type, cell }: Column<Row>, rows: readonly Row[]) => ({
  name,
  type: types[type],
  nullable: true,
  data: rows.map((row) => stored(type, cell(row))),
});

const types: Readonly<Record<ColumnType, BasicType>> = {
  text: "STRING",
  integer: "INT64",
  number: "DOUBLE",
  boolean: "BOOLEAN",
};

const stored = (type: ColumnType, cell: Cell): Cell | bigint =>
  type === "integer" && typeof cell === "number" ? BigInt(cell) : cell;

const aboutColumns = <Row>(columns: readonly Column<Row>[], run: string): string =>
  JSON.stringify({
    run,
    columns: columns.map(({ name, unit, meaning }) => ({ name, unit, meaning })),
  });

/** What was written since the last time; the writer counts on. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}
