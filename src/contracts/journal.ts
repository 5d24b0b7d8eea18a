import type { JournalEvent, JournalRecord } from "../model/journal.ts";
import type { Sample } from "../model/sample.ts";

/** Append-only facts of one run. */
export interface Journal {
  /** Appends; in the file when it resolves (page cache). Order of calls is order in the file. */
  append(event: JournalEvent): Promise<JournalRecord>;
  /** Appends and resolves only when it is on disk (fsync): before every act that changes a cluster. */
  commit(event: JournalEvent): Promise<JournalRecord>;
}

export interface SampleSink {
  /** Never blocks the probe; writes are batched. */
  add(sample: Sample): void;
  flush(): Promise<void>;
}

/** Streams a run's samples from disk, in file order. */
export interface SampleReader {
  read(): AsyncIterable<Sample>;
}
