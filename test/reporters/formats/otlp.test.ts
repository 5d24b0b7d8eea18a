import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { otlpJson } from "../../../src/reporters/otlp/otlp-json.ts";
import { tracesOf } from "../../../src/reporters/otlp/spans.ts";
import type { TraceSpan } from "../../../src/reporters/otlp/trace-span.ts";
import type { ReportInput } from "../../../src/reporters/reporter.ts";
import { fakeReport, hostile } from "../../support/fake-report.ts";
import { fakeRun } from "../../support/fake-run.ts";
import { filesOf, inputFor, inputOfRun } from "../../support/report-input.ts";
import { emptyReport } from "../empty-report.ts";
import { hostileReport } from "../hostile-report.ts";
import { throughProtobuf, withoutEmpty } from "./otlp-schema.ts";

async function lines(input: ReportInput): Promise<readonly string[]> {
  const [file] = await filesOf(otlpJson, input);
  const text = file?.bytes.toString() ?? "";
  return text === "" ? [] : text.trimEnd().split("\n");
}

test.each([
  ["a fake report", async () => await Promise.resolve(inputFor(fakeReport()))],
  ["a real analysis", async () => await inputOfRun(fakeRun({ trials: 4 }))],
])(
  "every line of traces.jsonl of %s is what OpenTelemetry's schema makes of it",
  async (_, make) => {
    const written = await lines(await make());
    expect(written.length).toBeGreaterThan(10);
    for (const line of written) {
      expect(throughProtobuf(JSON.parse(line))).toEqual(withoutEmpty(JSON.parse(line)));
    }
  },
);

const of = (traces: readonly (readonly TraceSpan[])[], trial: string): readonly TraceSpan[] =>
  present(
    traces.find(([first]) => first?.attributes["test.case.name"] === trial),
    trial,
  );

test("a trial is a trace: outage and recovery within it, the phases within the recovery, one after the other", () => {
  const [trial, ...parts] = of(tracesOf(inputFor(fakeReport())), "001-proxmox-guest-1");
  const byName = new Map(parts.map((part) => [part.name, part]));
  expect([...byName.keys()]).toEqual([
    "outage",
    "recovery",
    "detection",
    "fencing",
    "placement",
    "start",
    "service",
  ]);
  expect(trial?.parentSpanId).toBe(null);
  expect(byName.get("recovery")?.parentSpanId).toBe(trial?.spanId);
  const phases = parts.slice(2);
  for (const phase of phases) expect(phase.parentSpanId).toBe(byName.get("recovery")?.spanId);
  expect(phases.slice(0, -1).map(({ end_ns }) => end_ns)).toEqual(
    phases.slice(1).map(({ start_ns }) => start_ns),
  );
  const ids = [trial, ...parts].map((span) => span?.spanId);
  expect(new Set(ids).size).toBe(ids.length);
});

test("spans lie on the wall clock: the run's zero, and what its own clock says since then", () => {
  const report = fakeReport();
  const [trial] = report.trials;
  const { fault } = present(trial, "a trial").instants;
  const recovery = of(tracesOf(inputFor(report)), "001-proxmox-guest-1")[2];
  const middle = present(fault, "fault").reduce((sum, ms) => sum + ms, 0) / 2;
  expect(Number(present(recovery, "recovery").start_ns / 1_000_000n)).toBe(
    Date.parse(report.origin_wall ?? "") + middle,
  );
});

test("what a user sees are events of the trial, the waits are those of the recovery", () => {
  const [trial, , recovery] = of(tracesOf(inputFor(fakeReport())), "001-proxmox-guest-1");
  expect(trial?.events.map(({ name }) => name)).toEqual([
    "spell answering",
    "spell silent",
    "spell refused",
    "spell handshake",
    "spell answering",
  ]);
  expect(recovery?.events.map(({ attributes }) => attributes["blackout.wait.name"])).toContain(
    "corosync membership",
  );
});

test("a trial that says nothing neither passes nor fails; one that is still down fails", () => {
  const traces = tracesOf(inputFor(fakeReport()));
  const [censored] = of(traces, "027-kubernetes-9");
  expect(censored?.attributes["test.case.result.status"]).toBe("fail");
  expect(censored?.error).toBe("still down after 180.0 s");
  const [recovered] = of(traces, "001-proxmox-guest-1");
  expect(recovered?.attributes["test.case.result.status"]).toBe("pass");
  expect(recovered?.error).toBe(null);
});

test("of a trial whose records are there the span lasts from the first to the last", async () => {
  const input = await inputOfRun(fakeRun({ trials: 4 }));
  for (const spans of tracesOf(input)) {
    const [trial, ...parts] = spans;
    const root = present(trial, "a trial");
    for (const part of parts) {
      expect(part.start_ns).toBeGreaterThanOrEqual(root.start_ns);
      expect(part.end_ns).toBeLessThanOrEqual(root.end_ns);
    }
  }
  const voided = input.report.trials.filter(({ outcome }) => outcome.kind === "void");
  const names = tracesOf(input).map(([root]) => root?.attributes["test.case.name"]);
  expect(names).toEqual(expect.arrayContaining(voided.map(({ trial }) => trial)));
});

const idsOf = (run: string): readonly string[] =>
  tracesOf(inputFor({ ...fakeReport(), run })).map(([root]) => root?.traceId ?? "");

test("a trial of a run that was resumed later stands where its own label says", async () => {
  const input = await inputOfRun(fakeRun({ trials: 4 }));
  const HOUR_MS = 3_600_000;
  const trials = input.report.trials.map((trial) => ({
    ...trial,
    started_wall: new Date(Date.parse(trial.started_wall ?? "") + HOUR_MS).toISOString(),
  }));
  const starts = (report: ReportInput["report"]): readonly bigint[] =>
    tracesOf({ ...input, report }).map(([root]) => root?.start_ns ?? 0n);
  const later = starts(input.report).map((start_ns) => start_ns + BigInt(HOUR_MS) * 1_000_000n);
  expect(starts({ ...input.report, trials })).toEqual(later);
});

test("ids are those of the run and its trials, so that a second export is the same", () => {
  expect(idsOf("a")).toEqual(idsOf("a"));
  expect(new Set([...idsOf("a"), ...idsOf("b")]).size).toBe(2 * idsOf("a").length);
  for (const id of idsOf("a")) expect(id).toMatch(/^[\da-f]{32}$/u);
});

test("hostile words stay one plain line in their attribute", async () => {
  const { origin_wall } = fakeReport();
  const report = { ...hostileReport(), origin_wall };
  for (const line of await lines(inputFor(report))) {
    expect(throughProtobuf(JSON.parse(line))).toEqual(withoutEmpty(JSON.parse(line)));
    expect(line).not.toContain(hostile);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|\\u/u);
  }
});

test("there are no traces of a run of which nobody knows when it was", async () => {
  expect(await lines(inputFor({ ...fakeReport(), origin_wall: null }))).toEqual([]);
  expect(await lines(inputFor(emptyReport()))).toEqual([]);
});
