import * as fc from "fast-check";
import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.ts";
import type { Spell } from "../../../src/model/trial-result.ts";
import { phasesOf, spellKinds, spellsOn } from "../../../src/reporters/plots/course-of-trial.ts";
import { fakeReport } from "../../support/fake-report.ts";

const trial = present(fakeReport().trials[0], "a trial");
const fault = present(trial.instants.fault, "its fault");
const zero = (fault[0] + fault[1]) / 2;

const spell = (kind: Spell["kind"], from: number, to: number): Spell => ({
  kind,
  from_ms: zero + 1000 * from,
  to_ms: zero + 1000 * to,
  samples: 1,
  length_ms: [0, 0],
});

test("phasesOf follow each other without a gap, up to the recovery", () => {
  for (const each of fakeReport().trials) {
    const { back, fault: struck } = each.instants;
    let end = 0;
    for (const { from, to } of phasesOf(each)) {
      expect(from).toBe(end);
      expect(to).toBeGreaterThanOrEqual(from);
      end = to;
    }
    const length =
      back === null || struck === null ? end : (back[0] + back[1] - struck[0] - struck[1]) / 2000;
    expect(end).toBeCloseTo(length, 6);
  }
});

test("phasesOf joins what cannot be told apart, and calls it so", () => {
  const kinds = phasesOf({ ...trial, instants: { ...trial.instants, fenced: null } }).map(
    ({ kind }) => kind,
  );
  expect(kinds).toEqual(["detection", "untold", "start", "service"]);
});

test("phasesOf a trial that is still down end at its limit", () => {
  const censored = present(
    fakeReport().trials.find(({ outcome }) => outcome.kind === "censored"),
    "a censored trial",
  );
  expect(phasesOf(censored).at(-1)).toMatchObject({ kind: "untold", to: 180 });
});

test("spellsOn draws the worst of what falls on one pixel, and never less than a pixel of anything bad", () => {
  const spells = [
    spell("answering", 0, 4),
    spell("refused", 4, 4.01),
    spell("answering", 4.01, 9),
    spell("unobserved", 9, 10),
  ];
  expect(spellsOn({ ...trial, spells }, 10, 10)).toEqual([
    { kind: "answering", from: 0, to: 4 },
    { kind: "refused", from: 4, to: 5 },
    { kind: "answering", from: 5, to: 9 },
    { kind: "unobserved", from: 9, to: 10 },
  ]);
});

test("spellsOn gives its pixel to what is short and last, and none to what was over before the fault", () => {
  const spells = [
    spell("silent", -2, -1),
    spell("answering", -1, 9.6),
    spell("refused", 9.6, 9.9),
    spell("silent", 10, 12),
  ];
  expect(spellsOn({ ...trial, spells }, 10, 10)).toEqual([
    { kind: "answering", from: 0, to: 9 },
    { kind: "refused", from: 9, to: 10 },
  ]);
});

const SEED = 6;

test("spellsOn never gives more pieces than pixels, however often a desktop flaps, and none twice in one place", () => {
  const one = fc.record({
    kind: fc.constantFrom(...spellKinds),
    from: fc.integer({ min: -20, max: 120 }),
    length: fc.double({ min: 0, max: 30, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.array(one, { maxLength: 500 }),
      fc.integer({ min: 1, max: 80 }),
      (all, pixels) => {
        const spells = all.map(({ kind, from, length }) => spell(kind, from, from + length));
        const pieces = spellsOn({ ...trial, spells }, 100, pixels);
        expect(pieces.length).toBeLessThanOrEqual(pixels);
        for (const [index, { from, to }] of pieces.entries()) {
          expect(from).toBeGreaterThanOrEqual((pieces[index - 1]?.to ?? 0) - 1e-9);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(100 + 1e-9);
        }
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
});
