import { createReadStream } from "node:fs";
import { OperatingError } from "../base/errors.ts";
import { diskError } from "./durable.ts";

/** One line of a file, without its newline. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** Offset in bytes of what comes behind it and its newline. */
  readonly end: number;
  /** False for a last line that no newline ends. */
  readonly ended: boolean;
}

export const LONGEST_LINE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** A file of samples has a million lines: fewer, larger reads. */
const READ_BYTES = 512 * 1024;

/** Streams a file's lines in constant memory. A line longer than 1 MiB is refused. */
export async function* readLines(path: string): AsyncGenerator<Line, void, undefined> {
  for await (const lines of readLineBatches(path)) yield* lines;
}

/** The same, as many at once as were read at once: to wait for each of a million takes longer than to read them. */
export async function* readLineBatches(
  path: string,
): AsyncGenerator<readonly Line[], void, undefined> {
  const line = new LineBuffer(path);
  for await (const chunk of chunksOf(path)) {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      line.add(chunk.subarray(from, at));
      lines.push(line.take(true));
      from = at + 1;
    }
    line.add(chunk.subarray(from));
    yield lines;
  }
  if (line.bytes > 0) yield [line.take(false)];
}

async function* chunksOf(path: string): AsyncGenerator<Buffer, void, undefined> {
  const stream = createReadStream(path, { highWaterMark: READ_BYTES });
  try {
    for await (const chunk of stream) {
      if (Buffer.isBuffer(chunk)) yield chunk;
    }
  } catch (error) {
    throw diskError("read", path, error);
  } finally {
    stream.destroy();
  }
}

class LineBuffer {
  readonly #path: string;
  #parts: Buffer[] = [];
  #number = 1;
  #end = 0;
  bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  add(part: Buffer): void {
    this.bytes += part.length;
    if (this.bytes > LONGEST_LINE_BYTES) throw damaged(this.#path, this.#number, "over 1 MiB long");
    if (part.length > 0) this.#parts.push(part);
  }

  take(ended: boolean): Line {
    const [only, ...more] = this.#parts;
    const whole = only === undefined || more.length > 0 ? Buffer.concat(this.#parts) : only;
    const text = whole.toString("utf8");
    this.#end += this.bytes + (ended ? 1 : 0);
    const line = { number: this.#number, text, end: this.#end, ended };
    this.#number += 1;
    this.#parts = [];
    this.bytes = 0;
    return line;
  }
}

/** A file of ours that is not as we wrote it. */
export const damaged = (path: string, line: number, what: string): OperatingError =>
  new OperatingError("environment", `Cannot read ${path}:${line} as the line is ${what}`, {
    facts: { path, line },
  });
