import { open } from "node:fs/promises";
import { assert } from "../base/assert.ts";
import type { OperatingError } from "../base/errors.ts";
import type { SampleSink } from "../contracts/journal.ts";
import type { Sample } from "../model/sample.ts";
import type { Scrub } from "./scrub-prose.ts";
import { scrubProse } from "./scrub-prose.ts";
import { diskError } from "./durable.ts";
import { readLines } from "./read-lines.ts";

/** What the sink needs of an open file; Node's `FileHandle` is one. */
export interface SampleFile {
  appendFile(data: string): Promise<void>;
  close(): Promise<void>;
}

/** A write this large is worth its system call. */
const BATCH_CHARACTERS = 64 * 1024;
/** A disk that stalls must not fill the memory: 16 Mi characters are some 80,000 samples, hours of them. */
const MAXIMUM_WAITING_CHARACTERS = 16 * 1024 * 1024;

/** Samples to a file, in order, in batches. Never blocks the probe; what went wrong is told by the next `flush`. */
export class FileSampleSink implements SampleSink {
  readonly #path: string;
  readonly #file: SampleFile;
  readonly #scrub: Scrub;
  #waiting: string[] = [];
  #characters = 0;
  #writing: Promise<void> | null = null;
  #failure: OperatingError | null = null;
  #closed = false;

  constructor(path: string, file: SampleFile, scrub: Scrub = (text) => text) {
    this.#scrub = scrub;
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string, scrub?: Scrub): Promise<FileSampleSink> {
    try {
      return new FileSampleSink(path, await open(path, "ax"), scrub);
    } catch (error) {
      throw diskError("create the samples file", path, error);
    }
  }

  /** Goes on with a file that an earlier process left, cutting off a torn last line; makes it where there is none. */
  static async continue(path: string, scrub?: Scrub): Promise<FileSampleSink> {
    try {
      const file = await open(path, "a");
      let whole = 0;
      for await (const line of readLines(path)) {
        if (line.ended) whole = line.end;
      }
      await file.truncate(whole);
      return new FileSampleSink(path, file, scrub);
    } catch (error) {
      throw diskError("go on with the samples file", path, error);
    }
  }

  add(sample: Sample): void {
    assert(!this.#closed, `the samples file ${this.#path} is closed`);
    if (this.#failure !== null) return;
    const line = `${JSON.stringify(scrubProse(sample, this.#scrub))}\n`;
    this.#waiting.push(line);
    this.#characters += line.length;
    if (this.#characters > MAXIMUM_WAITING_CHARACTERS) this.#fail(new Error("it is too slow"));
    else if (this.#characters > BATCH_CHARACTERS) this.#writing ??= this.#drain();
  }

  /** Resolves when all that was added is in the file; rejects when some of it is not. */
  async flush(): Promise<void> {
    while (this.#failure === null && (this.#writing !== null || this.#characters > 0)) {
      this.#writing ??= this.#drain();
      await this.#writing;
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  /** Writes batch after batch until nothing waits. Never rejects. */
  async #drain(): Promise<void> {
    try {
      while (this.#characters > 0) {
        const batch = this.#waiting.join("");
        this.#waiting = [];
        this.#characters = 0;
        await this.#file.appendFile(batch);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writing = null;
    }
  }

  #fail(cause: unknown): void {
    this.#failure ??= diskError("write the samples to", this.#path, cause);
    this.#waiting = [];
    this.#characters = 0;
  }
}
