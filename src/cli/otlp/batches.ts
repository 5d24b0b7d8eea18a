import type { TraceSpan } from "../../reporters/otlp/trace-span.ts";

export type Trace = readonly TraceSpan[];

/** Spans and their events in one request; together well below a megabyte, and collectors take four at the least. */
const MOST = 500;

/** The traces in their order, whole ones in each request: one that is larger than a request goes in one of its own. */
export function batchesOf(traces: readonly Trace[], most = MOST): readonly (readonly Trace[])[] {
  const batches: Trace[][] = [];
  let free = 0;
  for (const trace of traces) {
    const size = trace.reduce((sum, { events }) => sum + 1 + events.length, 0);
    if (size > free) {
      batches.push([]);
      free = most;
    }
    batches.at(-1)?.push(trace);
    free -= size;
  }
  return batches;
}
