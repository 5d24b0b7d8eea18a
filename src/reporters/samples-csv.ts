import type { Sample } from "../model/sample.ts";
import { sampleColumns } from "./columns/sample-columns.ts";
import { cellsOf, csvText, headerOf } from "./csv-text.ts";
import type { Reporter } from "./reporter.ts";

/** One row per attempt, in the order of their file; a long run has a million of them. */
export const samplesCsv: Reporter = ({ samples }) => [
  { path: "samples.csv", content: written(samples()) },
];

/** So many rows are written at once. */
const BATCH = 1000;

async function* written(samples: AsyncIterable<Sample>): AsyncGenerator<string> {
  let rows = [headerOf<Sample>(sampleColumns) as ReturnType<typeof cellsOf>];
  for await (const sample of samples) {
    rows.push(cellsOf(sampleColumns, sample));
    if (rows.length === BATCH) {
      yield csvText(rows);
      rows = [];
    }
  }
  yield csvText(rows);
}
