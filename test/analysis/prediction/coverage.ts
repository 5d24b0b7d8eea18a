import { expect } from "vitest";
import type { Arm, Truth } from "./truth.ts";

/** The widest that a prediction may be: one monitor period + 2 s; on Proxmox VE each mode of it ± 3 s. */
const WIDEST_KUBERNETES_MS = 5005 + 2000;
const WIDEST_MODE_MS = 6000;

/** At least 95 % of the truths lie in their own prediction, which is as narrow as it has to be. */
export function expectCoverage(arm: Arm, seeds: readonly number[]): void {
  const truths = seeds.map((seed) => arm.play(seed));
  const outside = truths.filter((truth) => !isInside(truth));
  const told = `of ${truths.length}, seeds ${outside.map(({ seed }) => seed).join(" ")}`;
  expect(outside.length, `${arm.name}: outside ${told}`).toBeLessThanOrEqual(0.05 * truths.length);
  const wide = truths.filter((truth) => !isNarrow(arm, truth)).map(({ seed }) => seed);
  expect(wide, `${arm.name}: too wide`).toEqual([]);
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
