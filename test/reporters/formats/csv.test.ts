import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { sampleColumns } from "../../../src/reporters/columns/sample-columns.ts";
import { trialColumns } from "../../../src/reporters/columns/trial-columns.ts";
import { samplesCsv } from "../../../src/reporters/samples-csv.ts";
import { trialsCsv } from "../../../src/reporters/trials-csv.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { streamed } from "../../support/fake-run.ts";
import { filesOf, inputFor } from "../../support/report-input.ts";
import { hostileReport } from "../hostile-report.ts";
import { everySample } from "./samples.ts";

type Row = Readonly<Record<string, string>>;

const read = (bytes: Buffer): readonly Row[] => parse<Row>(bytes, { columns: true });

const samplesOf = async (samples: typeof everySample) => {
  const input = inputFor(fakeReport(), { samples: () => streamed(samples) });
  const [file] = await filesOf(samplesCsv, input);
  return file?.bytes ?? Buffer.alloc(0);
};

test.each([
  ["a run", fakeReport],
  ["one of nothing but hostile words", hostileReport],
])("a reader of CSV finds each trial of %s with all its columns", async (_, make) => {
  const report = make();
  const [file] = await filesOf(trialsCsv, inputFor(report));
  const rows = read(file?.bytes ?? Buffer.alloc(0));
  expect(rows).toHaveLength(report.trials.length);
  expect(Object.keys(rows[0] ?? {})).toEqual(trialColumns.map(({ name }) => name));
});

test("trials.csv tells phases as predicted, pictures and viewers", async () => {
  const [trial, ...others] = fakeReport().trials;
  if (trial === undefined) throw new Error("no trial");
  const picture = {
    file: "frames/001-before.png",
    thumbnail: "frames/001-before-thumb.png",
    width: 800,
    height: 600,
    taken_ms: [1, 2],
    instance: "desktop",
  } as const;
  const seen = {
    ...trial,
    pictures: { before: picture, after: null },
    viewed_ms: [[1, 2]],
  } as const;
  const [file] = await filesOf(trialsCsv, inputFor(fakeReport({ trials: [seen, ...others] })));
  expect(read(file?.bytes ?? Buffer.alloc(0))[0]).toMatchObject({
    predicted_detection_low_s: "1",
    predicted_detection_high_s: "2",
    predicted_start_low_s: "",
    picture_before: "frames/001-before.png",
    picture_after: "",
    views: "1",
  });
});

test("samples.csv has a row for each attempt, and says of each failure what is known", async () => {
  const rows = read(await samplesOf(everySample));
  expect(rows).toHaveLength(everySample.length);
  expect(Object.keys(rows[0] ?? {})).toEqual(sampleColumns.map(({ name }) => name));
  expect(
    rows.map(({ result, reached, failure, detail }) => [result, reached, failure, detail]),
  ).toEqual([
    ["good", "", "", ""],
    ["good", "", "", ""],
    ["bad", "", "refused", ""],
    ["bad", "", "unreachable", "EHOSTUNREACH"],
    ["bad", "tcp", "timed-out", "during http"],
    ["bad", "tcp", "reset", "during http"],
    ["bad", "http", "closed", "during websocket"],
    ["bad", "tcp", "tls", "expired"],
    ["bad", "tcp", "http-status", "503"],
    ["bad", "websocket", "websocket-close", "1011 Failed to connect"],
    ["bad", "websocket", "rfb", "too many failures"],
    ["bad", "rfb", "uniform-frame", ""],
    ["bad", "", "no-way-in", "no ticket"],
    ["bad", "http", "protocol", "during websocket: a masked frame"],
    ["unobserved", "", "late", "by 140 ms"],
  ]);
  expect(rows[1]).toMatchObject({ started_ms: "250.125", ended_ms: "330.5", target: "control" });
});

test.each([0, 1, 999, 1000, 1001])("samples.csv of %i attempts has as many rows", async (count) => {
  const [sample] = everySample;
  if (sample === undefined) throw new Error("no sample");
  const many = Array.from({ length: count }, (_, seq) => ({ ...sample, seq }));
  const rows = read(await samplesOf(many));
  expect(rows.map(({ seq }) => Number(seq))).toEqual(many.map(({ seq }) => seq));
});
