import type { WriteStream } from "node:fs";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { instantInMs } from "../../base/time.ts";
import type { TruthEvent } from "../lab-cluster.ts";

/** A lab that runs for days shall not fill the disk. */
const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** `truth.ndjson`: what the twins know with exact instants, beside which the tool's measurements can be laid. */
export class TruthFile {
  readonly #stream: WriteStream;
  #room = MAXIMUM_BYTES;

  constructor(path: string) {
    this.#stream = createWriteStream(path, { flags: "a", mode: 0o600 });
    this.#stream.on("error", () => {
      this.#room = 0;
    });
  }

  append(cluster: string, { at, ...event }: TruthEvent): void {
    if (this.#room <= 0) return;
    const line = `${JSON.stringify({ at_ms: instantInMs(at), cluster, ...event })}\n`;
    this.#room -= line.length;
    this.#stream.write(this.#room > 0 ? line : `{"kind":"full"}\n`);
  }

  async close(): Promise<void> {
    this.#room = 0;
    this.#stream.end();
    await finished(this.#stream).catch(() => undefined);
  }
}
