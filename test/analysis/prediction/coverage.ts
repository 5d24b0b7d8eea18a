import { expect } from "vitest";
import type { Arm, Truth } from "./truth.ts";

/** The widest that a prediction may be: one monitor period + 2 s; on Proxmox VE each mode of it ± 3 s. */
const WIDEST_KUBERNETES_MS = 5005 + 2000;
const WIDEST_MODE_MS = 6000;
/**
 * The ends of a hundred failovers are some tenths of a second off, and a mode is nearly as wide as it may be: with a round that
 * is a second shorter an idle target starts 5 s sooner.
 */
const WIDE_SHARE = 0.002;

/** All but `mostOutside` of the truths lie in their own prediction, which is as narrow as it has to be. */
export function expectCoverage(arm: Arm, seeds: readonly number[], mostOutside: number): void {
  const truths = seeds.map((seed) => arm.play(seed));
  const outside = truths.filter((truth) => !isInside(truth));
  const told = `of ${truths.length}, seeds ${outside.map(({ seed }) => seed).join(" ")}`;
  expect(outside.length, `${arm.name}: outside ${told}`).toBeLessThanOrEqual(mostOutside);
  if (arm.narrow === false) return;
  const wide = truths.filter((truth) => !isNarrow(arm, truth)).map(({ seed }) => seed);
  const most = Math.floor(WIDE_SHARE * truths.length);
  expect(wide.length, `${arm.name}: too wide, seeds ${wide.join(" ")}`).toBeLessThanOrEqual(most);
}

function isInside({ recovery_ms, prediction }: Truth): boolean {
  const [low, high] = prediction.recovery_ms;
  return recovery_ms >= low && recovery_ms <= high;
}

function isNarrow({ name }: Arm, { prediction }: Truth): boolean {
  if (name.startsWith("Kubernetes")) {
    const [low, high] = prediction.recovery_ms;
    return high - low <= WIDEST_KUBERNETES_MS;
  }
  return prediction.modes.every(({ recovery_ms: [low, high] }) => high - low <= WIDEST_MODE_MS);
}
