import type { RunEnd } from "../model/journal.ts";
import type { GuardOverride, RunReport } from "../model/run-report.ts";
import { plainText } from "../base/plain-text.ts";

/** What a reader must know before believing the numbers, worst first. Empty: nothing stands against them. */
export function caveats(report: RunReport): readonly string[] {
  return [
    ...endCaveat(report),
    ...speedCaveat(report),
    ...report.overrides.map(overrideCaveat),
    ...report.downgrades.map((downgrade) => `Trust switched off: ${plainText(downgrade)}.`),
    ...report.arms
      .filter((arm) => arm.outcomes.censored > 0)
      .map(
        ({ name, outcomes: { censored } }) =>
          `${plainText(name)}: ${censored} ${censored === 1 ? "trial was" : "trials were"} still down at the limit and no mean or ` +
          "plain median counts that in, so the truth is longer.",
      ),
  ];
}

const ends: Readonly<Record<Exclude<RunEnd, "completed">, string>> = {
  interrupted: "The run was interrupted",
  "not-restored": "THE CLUSTER IS NOT RESTORED: run `blackout restore` on this run",
  refused: "The run was refused as unsafe",
  failed: "The run failed",
};

function endCaveat({ end, end_detail }: RunReport): readonly string[] {
  if (end === "completed") return [];
  if (end === null) {
    return [
      "The journal has no end: the run died or is still under way; `blackout restore` heals.",
    ];
  }
  const detail = plainText(end_detail);
  return [`${ends[end]}${detail === "" ? "" : `: ${detail}`}.`];
}

function overrideCaveat({ guard, trials, saw }: GuardOverride): string {
  const switchedOff = `Guard overridden: ${plainText(guard)}`;
  if (trials === 0) return `${switchedOff}; it would have refused no trial.`;
  return `${switchedOff} in ${trials} ${trials === 1 ? "trial" : "trials"}: ${saw.map(plainText).join("; ")}.`;
}

/** DESIGN section 5: accuracy is claimed at speed 1 only. */
function speedCaveat({ clock }: RunReport): readonly string[] {
  if (clock === null || clock.speed === 1) return [];
  return [
    `Rehearsed on the embedded lab at ${clock.speed}x: ${clock.speed} lab seconds pass in a real one. ` +
      "The intervals hold what the scaling costs, but accuracy is claimed at speed 1 only.",
  ];
}
