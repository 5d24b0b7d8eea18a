import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Step } from "../../../src/analysis/explanation/chain.ts";
import { waitsBetween } from "../../../src/analysis/explanation/chain.ts";
import type { SpanMs } from "../../../src/base/interval.ts";
import type { WaitText } from "../../../src/model/explanation.ts";
import { wrongSum } from "../../support/wrong-sum.ts";

const text = (name: string, changes: Partial<WaitText> = {}): WaitText => ({
  name,
  phase: "fencing",
  rule: `${name} rules.`,
  setting: null,
  shorten: null,
  source: name,
  within: null,
  ...changes,
});

const step = (name: string, end: SpanMs | null, seen = true): Step => ({
  text: text(name),
  end,
  seen,
});

const names = (steps: readonly Step[]): readonly string[] =>
  waitsBetween([0, 10], [1000, 1010], steps).map(({ name }) => name);

const span = fc
  .tuple(fc.integer({ min: -200, max: 1300 }), fc.integer({ min: 0, max: 400 }))
  .map(([from, width]): SpanMs => [from, from + width]);

const anySteps = fc.array(
  fc
    .record({ end: fc.option(span), seen: fc.boolean() })
    .map(({ end, seen }): Step => ({ text: text("wait"), end, seen })),
  { minLength: 1, maxLength: 10 },
);

test("waits add up to the recovery, whatever is known of the instants between", () => {
  fc.assert(
    fc.property(anySteps, fc.integer({ min: 0, max: 90 }), (steps, doubt) => {
      const waits = waitsBetween([0, doubt], [1000, 1000 + doubt], steps);
      expect(waits.length).toBeGreaterThan(0);
      expect(wrongSum({ waits }, [1000 - doubt, 1000 + doubt])).toEqual([]);
    }),
    { numRuns: 500, seed: 20_261_130 },
  );
});

test("a wait whose end nobody saw is one with the next", () => {
  const steps = [
    { ...step("one", null), text: text("one", { setting: "a = 1", phase: "detection" }) },
    { ...step("two", [400, 410]), text: text("two", { shorten: "less" }) },
    step("three", null),
  ];
  const [first, ...rest] = waitsBetween([0, 10], [1000, 1010], steps);
  expect(first).toEqual({
    name: "one + two",
    phase: "recovery",
    rule: "one rules. two rules.",
    setting: "a = 1",
    shorten: "less",
    source: "one; two",
    within: null,
    ms: [390, 410],
    likely_ms: 400,
  });
  expect(rest.map(({ name }) => name)).toEqual(["three"]);
});

test("what was seen goes before what a rule gives, and a contradiction before neither", () => {
  const late = step("ruled", [800, 820], false);
  expect(names([late, step("seen", [400, 410]), step("last", null)])).toEqual([
    "ruled + seen",
    "last",
  ]);
  expect(names([step("after all", [2000, 2100]), step("last", null)])).toEqual([
    "after all + last",
  ]);
});

test("an instant that is known from the one before it only so far is known better from the next", () => {
  const waits = waitsBetween(
    [0, 0],
    [1000, 1000],
    [step("one", [100, 900]), step("two", [300, 400]), step("three", null)],
  );
  expect(waits.map(({ ms }) => ms)).toEqual([
    [100, 400],
    [0, 300],
    [600, 700],
  ]);
});
