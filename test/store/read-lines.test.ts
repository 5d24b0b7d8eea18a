import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Line } from "../../src/store/read-lines.ts";
import { readLineBatches, readLines } from "../../src/store/read-lines.ts";

let folder = "";
let path = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-lines-"));
  path = join(folder, "lines");
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function linesOf(text: string): Promise<readonly Line[]> {
  await writeFile(path, text);
  const lines: Line[] = [];
  for await (const line of readLines(path)) lines.push(line);
  return lines;
}

/** As they are defined, of a text that is in memory. */
function byDefinition(text: string): readonly Line[] {
  const parts = text.split("\n");
  const texts = parts.at(-1) === "" ? parts.slice(0, -1) : parts;
  let end = 0;
  return texts.map((each, index) => {
    const ended = index < parts.length - 1;
    end += Buffer.byteLength(each) + Number(ended);
    return { number: index + 1, text: each, end, ended };
  });
}

describe("readLines", () => {
  it("gives the lines of any text, with where each ends in bytes", async () => {
    const texts = fc.array(fc.oneof(fc.constant("\n"), fc.string({ unit: "grapheme" })));
    await fc.assert(
      fc.asyncProperty(texts, async (parts) => {
        const text = parts.join("");
        expect(await linesOf(text)).toEqual(byDefinition(text));
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it("does not care where the file is cut into reads, within a letter or at a newline", async () => {
    // Lines of 7 bytes, whose letters take two and three: reads end anywhere in them.
    const text = "zö☂\n".repeat(200_000);
    const batches: (readonly Line[])[] = [];
    expect(await linesOf(text)).toEqual(byDefinition(text));
    for await (const batch of readLineBatches(path)) batches.push(batch);
    expect(batches.length).toBeGreaterThan(2);
    expect(batches.flat().at(-1)).toEqual({
      number: 200_000,
      text: "zö☂",
      end: 1_400_000,
      ended: true,
    });
  });
});
