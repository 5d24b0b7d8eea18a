import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { elapsed, leftInWords, resultLine } from "../../../src/cli/live/words.ts";
import type { LiveResult } from "../../../src/live/live-event.ts";
import { fakeRun } from "../../support/fake-run.ts";
import type { FakeFate } from "../../support/fake-trial.ts";
import { toldRun } from "../../support/told-run.ts";

const colours = createColors(false);

const resultOf = (fate: FakeFate): LiveResult =>
  present(toldRun(fakeRun({ trials: 1, fate: () => fate })).at(-1)?.[1].results[0], "a result");

describe("resultLine", () => {
  it.each([
    ["recovers", /^recovered in \d+\.\d s ±\d+\.\d s {2}pve2 -> pve3$/u],
    ["still-down", /^still down after \d+\.\d s$/u],
    ["never-lost", /^void: the desktop never stopped answering$/u],
    ["not-steady", /^void: the desktop never answered/u],
    ["refused", /^refused: quorum/u],
  ] as const)("of a trial that %s is one line", (fate, words) => {
    expect(resultLine(resultOf(fate), colours)).toMatch(words);
  });

  it("of a desktop that nobody missed says so", () => {
    const outcome = { kind: "no-outage", shorter_than_ms: 300 } as const;
    expect(resultLine({ ...resultOf("recovers"), outcome }, colours)).toBe(
      "no outage: it went on answering",
    );
  });

  it("says so where the recovery with its error is out of its prediction, and nothing where it is not", () => {
    const result = resultOf("recovers");
    const [low, high] = present(result.durations_ms.recovery, "a recovery");
    const line = (predicted_ms: readonly [number, number], inside = false): string =>
      resultLine({ ...result, predicted_ms, inside }, colours);
    expect(line([1000, low - 1000])).toMatch(/, later than predicted \(1 \.\. \d+ s\)$/u);
    expect(line([high + 1000, high + 9000])).toMatch(/, earlier than predicted/u);
    expect(line([low, high], true)).not.toContain("predicted");
  });

  it("sends whoever wants to know to the report where there were too many facts", () => {
    expect(resultLine({ ...resultOf("recovers"), outcome: null }, colours)).toMatch(
      /^ended; .*report$/u,
    );
  });
});

describe("leftInWords", () => {
  it.each([
    [[0, 0], "about 0 s"],
    [[41_200, 89_000], "41 .. 89 s"],
    [[100_000, 240_000], "1 .. 4 min"],
    [[239_000, 240_000], "3 .. 4 min"],
    [[240_000, 240_000], "about 4 min"],
    [[6 * 3_600_000, 8.5 * 3_600_000], "6 .. 9 h"],
  ] as const)("%j is %s", (left, words) => {
    expect(leftInWords(left)).toBe(words);
  });
});

describe("elapsed", () => {
  it.each([
    [-5, "0 s"],
    [999, "0 s"],
    [61_900, "61 s"],
    [134_500, "2 min 14 s"],
  ])("%d is %s", (ms, words) => {
    expect(elapsed(ms)).toBe(words);
  });
});
