import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seconds } from "../../src/base/time.ts";
import type { JournalEvent } from "../../src/model/journal.ts";
import type { JournalFile } from "../../src/store/file-journal.ts";
import { FileJournal } from "../../src/store/file-journal.ts";
import { readJournal } from "../../src/store/read-journal.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const event = (problem: string): JournalEvent => ({
  kind: "cluster-not-ready",
  trial: "001-one-1",
  problems: [problem],
});

/** Remembers what was asked of the disk, and takes its time over it. */
class SlowFile implements JournalFile {
  readonly asked: string[] = [];
  failing = false;

  async appendFile(data: string): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (this.failing) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
    this.asked.push(`append ${JSON.parse(data).seq}`);
  }

  async sync(): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.asked.push("sync");
  }

  async close(): Promise<void> {
    this.asked.push("close");
    await Promise.resolve();
  }
}

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-journal-"));
  path = join(folder, "journal.ndjson");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("FileJournal", () => {
  it("writes records that read back, numbered, with the clock's time and the wall's", async () => {
    const clock = new VirtualClock("2026-11-22T13:37:00.000Z");
    const journal = await FileJournal.create(path, clock);
    await journal.append(event("a"));
    clock.queue.after(seconds(1.5), () => undefined);
    clock.queue.step();
    const returned = await journal.commit(event("b"));
    await journal.close();
    const { records, torn } = await readJournal(path);
    expect(torn).toBeNull();
    expect(records).toEqual([
      { seq: 1, at_ms: 0, wall: "2026-11-22T13:37:00.000Z", event: event("a") },
      { seq: 2, at_ms: 1500, wall: "2026-11-22T13:37:01.500Z", event: event("b") },
    ]);
    expect(returned).toEqual(records[1]);
  });

  it("keeps the order of the calls, one write at a time, however many are under way", async () => {
    const journal = await FileJournal.create(path, new VirtualClock());
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        await (index % 7 === 0
          ? journal.commit(event(`${index}`))
          : journal.append(event(`${index}`)));
      }),
    );
    await journal.close();
    const { records } = await readJournal(path);
    expect(records.map((record) => record.event)).toEqual(
      Array.from({ length: 200 }, (_, index) => event(`${index}`)),
    );
  });

  it("commit resolves only after its own record was written and synced", async () => {
    const file = new SlowFile();
    const journal = new FileJournal(path, file, new VirtualClock());
    const seen: string[] = [];
    const appended = journal
      .append(event("a"))
      .then(() => seen.push(`a: ${file.asked.join(", ")}`));
    const committed = journal
      .commit(event("b"))
      .then(() => seen.push(`b: ${file.asked.join(", ")}`));
    await Promise.all([appended, committed]);
    expect(seen).toEqual(["a: append 1", "b: append 1, append 2, sync"]);
  });

  it("after a failed write every later call is refused with the first error", async () => {
    const file = new SlowFile();
    const journal = new FileJournal(path, file, new VirtualClock());
    await journal.append(event("a"));
    file.failing = true;
    const waiting = [journal.append(event("b")), journal.commit(event("c"))];
    const results = await Promise.allSettled(waiting);
    file.failing = false;
    const message = `Cannot write the journal ${path} as the disk is full`;
    expect(results.map((each) => each.status === "rejected" && String(each.reason))).toEqual([
      `OperatingError: ${message}`,
      `OperatingError: ${message}`,
    ]);
    await expect(journal.append(event("d"))).rejects.toThrow(message);
    await expect(journal.close()).rejects.toThrow(message);
    expect(file.asked).toEqual(["append 1", "close"]);
  });

  it("is closed once, after everything that was called before, and then refuses", async () => {
    const file = new SlowFile();
    const journal = new FileJournal(path, file, new VirtualClock());
    const last = journal.append(event("a"));
    await Promise.all([journal.close(), last]);
    await journal.close();
    expect(file.asked).toEqual(["append 1", "sync", "close"]);
    await expect(journal.append(event("b"))).rejects.toThrow("is closed");
  });

  it("never writes over a journal that is there", async () => {
    await writeFile(path, "precious");
    await expect(FileJournal.create(path, new VirtualClock())).rejects.toThrow(
      `Cannot create the journal ${path} as it exists already`,
    );
    expect(await readFile(path, "utf8")).toBe("precious");
  });

  it.each([
    ["a record", ""],
    ["half a record, where there was half a record", '{"seq":2,"at_'],
  ])("does not go on when another process has written %s since it was read", async (_, torn) => {
    const first = await FileJournal.create(path, new VirtualClock());
    await first.commit(event("a"));
    await first.close();
    await appendFile(path, torn);
    const contents = await readJournal(path);
    await appendFile(path, '{"seq":2,"at_ms":1}\n');
    const before = await readFile(path, "utf8");
    await expect(FileJournal.continue(contents, new VirtualClock())).rejects.toMatchObject({
      code: "unsafe",
      message: expect.stringContaining(`${path} as another process has written`),
    });
    expect(await readFile(path, "utf8")).toBe(before);
  });

  it("in a later process goes on behind the last whole record, and never back in time", async () => {
    const clock = new VirtualClock();
    clock.queue.after(seconds(60), () => undefined);
    clock.queue.step();
    const first = await FileJournal.create(path, clock);
    await first.commit(event("a"));
    await first.close();
    await appendFile(path, '{"seq":2,"at_');
    const second = await FileJournal.continue(await readJournal(path), new VirtualClock());
    await second.commit(event("b"));
    await second.close();
    const { records, torn } = await readJournal(path);
    expect(torn).toBeNull();
    expect(records.map(({ seq, at_ms }) => [seq, at_ms])).toEqual([
      [1, 60_000],
      [2, 60_000],
    ]);
  });
});

const three = async (): Promise<Buffer> => {
  const journal = await FileJournal.create(path, new VirtualClock());
  for (const text of ["one", "zwölf ☂", "three"]) await journal.append(event(text));
  await journal.close();
  return await readFile(path);
};

const newRecord = (seq: number, newer: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ seq, at_ms: 1, wall: "", event: newer })}\n`;

describe("readJournal", () => {
  it("torn at any byte of its last record, gives all before it and says what was torn", async () => {
    const whole = await three();
    const lastLine = whole.lastIndexOf(0x0a, -2) + 1;
    for (let length = whole.length - 1; length >= lastLine; length--) {
      await truncate(path, length);
      const { records, torn, wholeBytes } = await readJournal(path);
      expect(records.map((record) => record.seq)).toEqual([1, 2]);
      expect(wholeBytes).toBe(lastLine);
      expect(torn === null).toBe(length === lastLine);
    }
  });

  it("a journal that was torn anywhere can be continued and read", async () => {
    const whole = await three();
    for (let length = 0; length <= whole.length; length += 7) {
      await writeFile(path, whole.subarray(0, length));
      const journal = await FileJournal.continue(await readJournal(path), new VirtualClock());
      await journal.commit(event("later"));
      await journal.close();
      const { records, torn } = await readJournal(path);
      expect(torn).toBeNull();
      expect(records.at(-1)?.event).toEqual(event("later"));
    }
  });

  it("zeroes that a power cut left behind the last record count as torn", async () => {
    await three();
    await appendFile(path, Buffer.alloc(4096));
    const { records, torn } = await readJournal(path);
    expect(records).toHaveLength(3);
    expect(torn?.line).toBe(4);
  });

  it.each([
    ["garbage", "garbage\n", "the line is no record of a journal"],
    ["no record", '{"seq":3,"at_ms":1,"event":{"kind":"healed"}}\n', "no record of a journal"],
    [
      "a hole in the numbers",
      '{"seq":4,"at_ms":1,"wall":"","event":{"kind":"healed","trial":"t"}}\n',
      "record 4 where 3 should be",
    ],
  ])("%s before the last line is an error with file and line", async (_, line, message) => {
    const lines = (await three()).toString().trimEnd().split("\n");
    await writeFile(path, `${lines[0]}\n${lines[1]}\n${line}${lines[2]}\n`);
    await expect(readJournal(path)).rejects.toThrow(`Cannot read ${path}:3 as`);
    await expect(readJournal(path)).rejects.toThrow(message);
  });

  it.each([
    ["its last line", ""],
    ["a line before others", '{"seq":5,"at_ms":2,"wall":"","event":{"kind":"healed"}}\n'],
    ["a line before a torn one", '{"seq":5,"at_'],
  ])("names the version that wrote a kind of record it does not know, %s", async (_, more) => {
    await three();
    await appendFile(path, newRecord(4, { kind: "restore-started", tool: "0.9.1" }));
    await appendFile(path, newRecord(5, { kind: "moved-elsewhere" }) + more);
    const before = await readFile(path);
    await expect(readJournal(path)).rejects.toMatchObject({
      code: "environment",
      message: `Cannot read ${path}:5 as this version knows no record of kind "moved-elsewhere": blackout 0.9.1 has written it; use that version, or a newer one`,
    });
    expect(await readFile(path)).toEqual(before);
  });

  it("names the version that wrote a journal of another format, before anything else in it", async () => {
    const started = { kind: "run-started", format: 2, run: "r", tool: "2.0.0" };
    await writeFile(path, `${newRecord(1, started)}what only 2.0.0 knows\n`);
    await expect(readJournal(path)).rejects.toThrow(
      `Cannot read ${path}:1 as the journal's format is 2, and this version reads only 1: blackout 2.0.0 has written it`,
    );
  });

  it("a line of more than 1 MiB is refused", async () => {
    await writeFile(path, "x".repeat(1024 * 1024 + 1));
    await expect(readJournal(path)).rejects.toThrow(`${path}:1 as the line is over 1 MiB long`);
  });

  it("a journal that is not there is said so", async () => {
    await expect(readJournal(path)).rejects.toThrow(`Cannot read ${path} as it does not exist`);
  });

  it("whatever bytes a crash appends, the whole records before them survive or the line is named", async () => {
    const whole = await three();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (tail) => {
        await writeFile(path, Buffer.concat([whole, tail]));
        const result = await readJournal(path).catch((error: unknown) => String(error));
        const seen = typeof result === "string" ? result : result.records.length;
        expect([3, expect.stringContaining(`Cannot read ${path}:`)]).toContainEqual(seen);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
