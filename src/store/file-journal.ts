import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { assert } from "../base/assert.ts";
import { OperatingError } from "../base/errors.ts";
import { instantInMs } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Journal } from "../contracts/journal.ts";
import type { JournalEvent, JournalRecord } from "../model/journal.ts";
import { diskError, syncFolder } from "./durable.ts";
import type { JournalContents } from "./read-journal.ts";
import type { Scrub } from "./scrub-prose.ts";
import { scrubProse } from "./scrub-prose.ts";
import { LONGEST_LINE_BYTES } from "./read-lines.ts";

/** What the journal needs of an open file; Node's `FileHandle` is one. */
export interface JournalFile {
  appendFile(data: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Where the last record left off, and what takes secrets out of texts. */
interface Start {
  readonly seq: number;
  readonly atMs: number;
  readonly scrub: Scrub;
}

const unchanged: Scrub = (text) => text;
const FIRST: Start = { seq: 0, atMs: 0, scrub: unchanged };

/**
 * The write-ahead journal of a run: one line a record, one write at a time, in the order of the calls. After a failed
 * write nobody knows what is on disk, so every later call is refused with that first error.
 */
export class FileJournal implements Journal {
  readonly #path: string;
  readonly #file: JournalFile;
  readonly #clock: Pick<Clock, "now" | "wall">;
  readonly #offsetMs: number;
  readonly #scrub: Scrub;
  #seq: number;
  #writes: Promise<void> = Promise.resolve();
  #failure: OperatingError | null = null;
  #closed = false;

  constructor(
    path: string,
    file: JournalFile,
    clock: Pick<Clock, "now" | "wall">,
    { seq, atMs, scrub }: Start = FIRST,
  ) {
    this.#path = path;
    this.#file = file;
    this.#clock = clock;
    this.#seq = seq;
    this.#scrub = scrub;
    // A machine's clock starts anew with each process; records never go back in time all the same.
    this.#offsetMs = Math.max(0, atMs - instantInMs(clock.now()));
  }

  /** A new journal, which must not be there yet. Its name is durable when this resolves. */
  static async create(
    path: string,
    clock: Pick<Clock, "now" | "wall">,
    scrub = unchanged,
  ): Promise<FileJournal> {
    try {
      const file = await open(path, "ax");
      await syncFolder(dirname(path));
      return new FileJournal(path, file, clock, { ...FIRST, scrub });
    } catch (error) {
      throw diskError("create the journal", path, error);
    }
  }

  /**
   * Goes on with a journal that an earlier process left, cutting off a torn last line. Rejects with `unsafe`, and changes
   * nothing, when something was written to it since it was read: then a process that goes on with it is alive.
   */
  static async continue(
    contents: JournalContents,
    clock: Pick<Clock, "now" | "wall">,
    scrub = unchanged,
  ): Promise<FileJournal> {
    const last = contents.records.at(-1);
    try {
      const file = await openUnchanged(contents);
      return new FileJournal(contents.path, file, clock, {
        seq: last?.seq ?? 0,
        atMs: last?.at_ms ?? 0,
        scrub,
      });
    } catch (error) {
      if (error instanceof OperatingError) throw error;
      throw diskError("go on with the journal", contents.path, error);
    }
  }

  async append(event: JournalEvent): Promise<JournalRecord> {
    return await this.#write(event, false);
  }

  async commit(event: JournalEvent): Promise<JournalRecord> {
    return await this.#write(event, true);
  }

  /** Waits for what was called before, then lets go of the file. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writes;
    try {
      if (this.#failure === null) await this.#file.sync();
    } finally {
      await this.#file.close();
    }
    if (this.#failure !== null) throw this.#failure;
  }

  async #write(event: JournalEvent, durable: boolean): Promise<JournalRecord> {
    assert(!this.#closed, `the journal ${this.#path} is closed`);
    if (this.#failure !== null) throw this.#failure;
    const record = this.#nextRecord(event);
    const line = `${JSON.stringify(scrubProse(record, this.#scrub))}\n`;
    assert(Buffer.byteLength(line) <= LONGEST_LINE_BYTES, `a ${event.kind} record is over 1 MiB`);
    this.#seq = record.seq;
    const written = this.#putAfter(this.#writes, line, durable);
    this.#writes = written.catch(() => undefined);
    await written;
    return record;
  }

  #nextRecord(event: JournalEvent): JournalRecord {
    const atMs = Math.round((instantInMs(this.#clock.now()) + this.#offsetMs) * 1e3) / 1e3;
    return {
      seq: this.#seq + 1,
      at_ms: atMs,
      wall: this.#clock.wall().toUTC().toISO() ?? "",
      event,
    };
  }

  async #putAfter(earlier: Promise<void>, line: string, durable: boolean): Promise<void> {
    await earlier;
    if (this.#failure !== null) throw this.#failure;
    try {
      await this.#file.appendFile(line);
      if (durable) await this.#file.sync();
    } catch (error) {
      this.#failure = diskError("write the journal", this.#path, error);
      throw this.#failure;
    }
  }
}

/** Cut where its whole part ends. */
async function openUnchanged({ path, wholeBytes, bytes }: JournalContents): Promise<FileHandle> {
  const file = await open(path, "a");
  try {
    const { size } = await file.stat();
    if (size !== bytes) {
      throw new OperatingError(
        "unsafe",
        `Cannot go on with the journal ${path} as another process has written to it meanwhile: see which one works on this run, and try again when it has ended`,
        { facts: { path, size, read: bytes } },
      );
    }
    if (size !== wholeBytes) await file.truncate(wholeBytes);
    await file.sync();
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
