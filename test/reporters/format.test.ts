import { expect, test } from "vitest";
import {
  difference,
  differenceRange,
  fixed,
  measured,
  seconds,
  secondsRange,
  withDeviation,
} from "../../src/reporters/format.ts";

test("seconds shows a second decimal only where the error warrants it", () => {
  expect(seconds(131_234)).toBe("131.2");
  expect(seconds(131_234, [131_200, 131_268])).toBe("131.23");
  expect(seconds(131_234, [130_900, 131_568])).toBe("131.2");
  expect(secondsRange([131_100, 131_400])).toBe("131.1 .. 131.4");
});

test("measured gives the middle and half the width", () => {
  expect(measured([131_000, 131_400])).toBe("131.2 ± 0.2 s");
  expect(measured([45_000, 45_060])).toBe("45.03 ± 0.03 s");
});

test("withDeviation prints as the thesis does", () => {
  expect(withDeviation(seconds(134_500), 4351)).toBe("134.5 ± 4.35");
  expect(withDeviation(seconds(134_500), null)).toBe("134.5");
});

test("difference always has its sign, and zero is never negative", () => {
  expect(difference(12_600)).toBe("+12.6 s");
  expect(difference(-3240)).toBe("−3.2 s");
  expect(differenceRange([-1000, 2000])).toBe("−1.0 s .. +2.0 s");
  expect(fixed(-0.04, 1)).toBe("0.0");
});
