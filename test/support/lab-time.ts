import { present } from "../../src/base/assert.ts";
import { instantInMs, seconds } from "../../src/base/time.ts";
import { ScaledClock } from "../../src/platform/scaled-clock.ts";
import type { Lab } from "./lab-study.ts";

const never = new AbortController().signal;

/** The clock of a running lab, which is that of every run on it. */
export function clockOf(lab: Lab): ScaledClock {
  const [cluster] = lab.inventory.clusters;
  return new ScaledClock(present(cluster?.lab, "the lab's clock"));
}

/** Milliseconds on the clock of the run, as in its journal and in `truth.ndjson`. */
export const nowMs = (lab: Lab): number => instantInMs(clockOf(lab).now());

export async function labSeconds(lab: Lab, count: number): Promise<void> {
  await clockOf(lab).sleep(seconds(count), never);
}
