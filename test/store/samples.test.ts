import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sample } from "../../src/model/sample.ts";
import { FileSampleReader } from "../../src/store/file-sample-reader.ts";
import { FileSampleSink } from "../../src/store/file-sample-sink.ts";

const sample = (seq: number): Sample => ({
  seq,
  trial: "001-one-1",
  target: "desktop",
  scheduled_ms: seq * 250,
  started_ms: seq * 250,
  ended_ms: seq * 250 + 10,
  result: { kind: "good", instance: "desktop-1" },
});

async function all(path: string): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for await (const each of new FileSampleReader(path).read()) samples.push(each);
  return samples;
}

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-samples-"));
  path = join(folder, "samples.ndjson");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("FileSampleSink and FileSampleReader", () => {
  it("samples read back in the order they were added, over many batches", async () => {
    const sink = await FileSampleSink.create(path);
    for (let seq = 0; seq < 5000; seq++) {
      sink.add(sample(seq));
      if (seq % 1000 === 0) await sink.flush();
    }
    await sink.close();
    await sink.close();
    expect(await all(path)).toEqual(Array.from({ length: 5000 }, (_, seq) => sample(seq)));
  });

  it("flush resolves only when all that was added before is in the file", async () => {
    const sink = await FileSampleSink.create(path);
    sink.add(sample(0));
    await sink.flush();
    expect(await readFile(path, "utf8")).toBe(`${JSON.stringify(sample(0))}\n`);
    await sink.close();
  });

  it("add never throws for the disk's sake; the next flush tells, and close lets go of the file", async () => {
    let closed = false;
    const sink = new FileSampleSink(path, {
      appendFile: async () => {
        await Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" }));
      },
      close: async () => {
        closed = true;
        await Promise.resolve();
      },
    });
    for (let seq = 0; seq < 2000; seq++) sink.add(sample(seq));
    const message = `Cannot write the samples to ${path} as the disk is full`;
    await expect(sink.flush()).rejects.toThrow(message);
    sink.add(sample(1));
    await expect(sink.close()).rejects.toThrow(message);
    expect(closed).toBe(true);
  });

  it("a disk that stalls does not fill the memory", async () => {
    const sink = new FileSampleSink(path, {
      appendFile: async () => {
        await new Promise<void>(() => undefined);
      },
      close: async () => {
        await Promise.resolve();
      },
    });
    for (let seq = 0; seq < 150_000; seq++) sink.add(sample(seq));
    await expect(sink.flush()).rejects.toThrow("it is too slow");
  });

  it("a torn last line is left out, garbage before it is an error with file and line", async () => {
    const sink = await FileSampleSink.create(path);
    sink.add(sample(0));
    await sink.close();
    await appendFile(path, '{"seq":1,"tri');
    expect(await all(path)).toEqual([sample(0)]);
    await writeFile(path, `${JSON.stringify(sample(0))}\n{"seq":1}\n`);
    await expect(all(path)).rejects.toThrow(`Cannot read ${path}:2 as the line is no sample`);
  });

  it("a reader who stops early leaves no open file behind", async () => {
    const sink = await FileSampleSink.create(path);
    for (let seq = 0; seq < 5000; seq++) sink.add(sample(seq));
    await sink.close();
    for await (const each of new FileSampleReader(path).read()) {
      if (each.seq === 3) break;
    }
    expect(await all(path)).toHaveLength(5000);
  });
});
