import type { SampleReader } from "../contracts/journal.ts";
import type { Sample } from "../model/sample.ts";
import { isObject, parseJson } from "./parse-json.ts";
import { damaged, readLineBatches } from "./read-lines.ts";

/** Streams a samples file in constant memory; may be read any number of times. A torn last line is left out. */
export class FileSampleReader implements SampleReader {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async *read(): AsyncGenerator<Sample, void, undefined> {
    for await (const lines of readLineBatches(this.#path)) {
      for (const line of lines) {
        if (!line.ended) return;
        const sample = parseJson(line.text);
        if (!isSample(sample)) throw damaged(this.#path, line.number, "no sample");
        yield sample;
      }
    }
  }
}

const NUMBERS = ["seq", "scheduled_ms", "started_ms", "ended_ms"] as const;

/** Its result is trusted from its kind on: nobody but `FileSampleSink` writes samples. */
function isSample(value: unknown): value is Sample {
  return (
    isObject(value) &&
    NUMBERS.every((key) => Number.isFinite(value[key])) &&
    typeof value["trial"] === "string" &&
    (value["target"] === "desktop" || value["target"] === "control") &&
    isObject(value["result"]) &&
    ["good", "bad", "unobserved"].includes(String(value["result"]["kind"]))
  );
}
