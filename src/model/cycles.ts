import type { SweptAge } from "./experiment.ts";

/**
 * How often the lock or lease is renewed by whose age a loss is noticed, in milliseconds: an LRM's round of 10 s with its own
 * work (facts/proxmox-ve.md 7), a quarter of the Lease's 40 s (facts/kubernetes.md 1).
 */
export const renewalPeriodMs: Readonly<Record<SweptAge, number>> = {
  "lock-age": 10_038,
  "lease-age": 10_000,
};
