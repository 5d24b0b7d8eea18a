import { mean } from "../quantile.ts";
import { Z_95 } from "./normal.ts";

export interface CliffsDelta {
  /** Share of pairs with the first side above, minus the share with it below: -1 .. 1. */
  readonly value: number;
  /** 95 %; null where a side has fewer than two values. */
  readonly interval: readonly [low: number, high: number] | null;
}

/**
 * How far two sides are apart, whatever their unit (Cliff, Dominance statistics, 1993). The interval is Cliff's asymmetric
 * one with his unbiased variance, and at -1 or 1, where that variance is nought, the one of Feng and Cliff (Monte
 * Carlo evaluation of ordinal d, 2004). Neither side may be empty.
 */
export function cliffsDelta(one: readonly number[], other: readonly number[]): CliffsDelta {
  const rows = one.map((value) => mean(other.map((against) => Math.sign(value - against))));
  const columns = other.map((against) => mean(one.map((value) => Math.sign(value - against))));
  const delta = mean(rows);
  const fewest = Math.min(one.length, other.length);
  if (fewest < 2) return { value: delta, interval: null };
  if (Math.abs(delta) === 1) return { value: delta, interval: beyond(delta, fewest) };
  const squares = one.flatMap((value) =>
    other.map((against) => (Math.sign(value - against) - delta) ** 2),
  );
  const pairs = one.length * other.length;
  const variance = Math.max(
    (other.length ** 2 * squaresAround(delta, rows) +
      one.length ** 2 * squaresAround(delta, columns) -
      squares.reduce((sum, square) => sum + square, 0)) /
      (pairs * (one.length - 1) * (other.length - 1)),
    (1 - delta ** 2) / (pairs - 1),
  );
  return { value: delta, interval: asymmetric(delta, variance) };
}

const squaresAround = (centre: number, values: readonly number[]): number =>
  values.reduce((sum, value) => sum + (value - centre) ** 2, 0);

function asymmetric(delta: number, variance: number): readonly [number, number] {
  const spread = 1 - delta ** 2;
  const reach = Z_95 ** 2 * variance;
  const half = Math.sqrt(reach * (spread ** 2 + reach));
  const [centre, scale] = [delta - delta ** 3, spread + reach];
  return [Math.max(-1, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}

function beyond(delta: number, fewest: number): readonly [number, number] {
  const inner = (fewest - Z_95 ** 2) / (fewest + Z_95 ** 2);
  return delta > 0 ? [inner, 1] : [-1, -inner];
}
