import { expect, test } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { Failure, Sample } from "../../src/model/sample.ts";
import { edgeLines, failureWords } from "../../src/reporters/sample-words.ts";
import { fakeReport, hostile } from "../support/fake-report.ts";

const { instants } = present(fakeReport().trials[0], "a trial");
const fault = present(instants.fault, "its fault");
const zero = (fault[0] + fault[1]) / 2;

const sample = (after_ms: number, result: Sample["result"]): Sample => ({
  seq: 1,
  trial: "t",
  target: "desktop",
  scheduled_ms: zero + after_ms,
  started_ms: zero + after_ms,
  ended_ms: zero + after_ms + 20,
  result,
});
const good = { kind: "good", instance: null } as const;
const refused = { kind: "bad", reached: null, failure: { kind: "refused" } } as const;
const late = { kind: "unobserved", why: "late", detail: "" } as const;

test("edgeLines show each attempt as a sign, and count what they were", () => {
  const lost = [sample(-500, good), sample(-250, good), sample(0, late), sample(250, refused)];
  const lines = edgeLines({ records: [], edges: { lost, back: [] } }, instants);
  expect(lines).toEqual([
    {
      edge: "lost",
      target: "desktop",
      row: "●●·○",
      words: "-0.50 s .. +0.27 s: 2 good, 1 unobserved (late), 1 refused",
    },
  ]);
});

test("edgeLines of a trial that was never struck are none", () => {
  const edges = { lost: [sample(0, good)], back: [] };
  expect(edgeLines({ records: [], edges }, { ...instants, fault: null })).toEqual([]);
});

test("failureWords are one plain line for every kind", () => {
  const failures: readonly Failure[] = [
    { kind: "refused" },
    { kind: "unreachable", code: hostile },
    { kind: "timed-out", during: "tcp" },
    { kind: "reset", during: "http" },
    { kind: "closed", during: "rfb" },
    { kind: "tls", detail: hostile },
    { kind: "http-status", status: 503 },
    { kind: "websocket-close", code: 1011, reason: hostile },
    { kind: "rfb", detail: hostile },
    { kind: "uniform-frame" },
    { kind: "no-way-in", detail: hostile },
    { kind: "protocol", during: "frame", detail: hostile },
  ];
  for (const failure of failures) {
    expect(failureWords(failure)).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}]{4,}$/u);
  }
});
