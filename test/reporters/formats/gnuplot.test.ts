import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.ts";
import type { RunReport } from "../../../src/model/run-report.ts";
import { gnuplot } from "../../../src/reporters/gnuplot.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { filesOf, inputFor } from "../../support/report-input.ts";
import { hostileReport } from "../hostile-report.ts";

async function written(report: RunReport) {
  const [table, script] = await filesOf(gnuplot, inputFor(report));
  return { rows: parse(table?.bytes ?? ""), script: script?.bytes.toString() ?? "" };
}

test("recovery-by-trial.csv has the thesis's shape: a row for each repetition, a column for each arm", async () => {
  const { rows } = await written(fakeReport());
  expect(rows[0]).toEqual(["trial", "proxmox_guest_s", "proxmox_console_s", "kubernetes_s"]);
  expect(rows.slice(1).map(([trial]) => trial)).toEqual(
    Array.from({ length: 10 }, (_, i) => String(i + 1)),
  );
  expect(rows[1]?.[1]).toMatch(/^15\d\.?\d*$/u);
});

test("a trial that did not recover is an empty cell, not a zero", async () => {
  const { rows } = await written(fakeReport());
  // Void, and still down at its limit.
  expect([rows[7]?.[1], rows[9]?.[3]]).toEqual(["", ""]);
});

test("names that look alike to other tools are told apart", async () => {
  const report = fakeReport();
  const arms = report.arms.map((arm, index) => ({
    ...arm,
    name: ["a b", "a-b", "=+"][index] ?? "",
  }));
  const { rows } = await written({ ...report, arms });
  expect(rows[0]).toEqual(["trial", "a_b_s", "a_b_2_s", "_3_s"]);
});

const SEED = 8;

test("no two columns of recovery-by-trial.csv have one name, whatever arms are called", async () => {
  const [arm] = fakeReport().arms;
  const name = fc.stringMatching(/^[xX_ 1-4é=-]{0,4}$/u);
  await fc.assert(
    fc.asyncProperty(fc.array(name, { maxLength: 8 }), async (names) => {
      const arms = names.map((each) => ({ ...present(arm, "an arm"), name: each }));
      const { rows } = await written(fakeReport({ arms, trials: [] }));
      expect(new Set(rows[0]).size).toBe(1 + names.length);
      for (const column of rows[0] ?? []) expect(column).toMatch(/^(?:trial|\w+_s)$/u);
    }),
    { seed: SEED, examples: [[["x", "X", "x 2"]], [["", "1", "1 1", "_"]]] },
  );
});

test("recovery.gp draws each arm, and foreign names stay between its quotes", async () => {
  const strings = /'(?:[^']|'')*'/gu;
  const { script } = await written(hostileReport());
  const plain = (await written(fakeReport())).script;
  expect(script.replaceAll(strings, "''")).toBe(plain.replaceAll(strings, "''"));
  expect(plain).toContain("title 'kubernetes'");
  expect(script).toContain("''a''");
});
