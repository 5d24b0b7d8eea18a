import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchesOf } from "../../../src/cli/otlp/batches.ts";
import type { TraceSpan } from "../../../src/reporters/otlp/trace-span.ts";

const span = (traceId: string, events: number): TraceSpan => ({
  traceId,
  spanId: "",
  parentSpanId: null,
  name: "",
  start_ns: 0n,
  end_ns: 0n,
  attributes: {},
  events: Array.from({ length: events }, () => ({ name: "", at_ns: 0n, attributes: {} })),
  error: null,
});

const SEED = 7;
const MOST = 20;

describe("batchesOf", () => {
  it("keeps the order, splits no trace, and fills a request beyond its size by a trace alone only", () => {
    const traces = fc
      .array(fc.array(fc.nat({ max: 8 }), { minLength: 1, maxLength: 9 }), { maxLength: 30 })
      .map((all) => all.map((spans, index) => spans.map((events) => span(`${index}`, events))));
    fc.assert(
      fc.property(traces, (all) => {
        const batches = batchesOf(all, MOST);
        expect(batches.flat()).toEqual(all);
        for (const batch of batches) {
          const size = batch.flat().reduce((sum, { events }) => sum + 1 + events.length, 0);
          expect(size <= MOST || batch.length === 1).toBe(true);
          expect(batch.length).toBeGreaterThan(0);
        }
      }),
      { seed: SEED },
    );
  });
});
