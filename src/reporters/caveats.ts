import type { RunEnd } from "../model/journal.ts";
import type { ArmReport, GuardOverride, RunReport, StatisticValue } from "../model/run-report.ts";
import { counted } from "../base/counted.ts";
import { plainText } from "../base/plain-text.ts";
import { NONE, secondsWithUnit } from "./format.ts";

/** What a reader must know before believing the numbers, worst first. Empty: nothing stands against them. */
export function caveats(report: RunReport): readonly string[] {
  return [
    ...endCaveat(report),
    ...speedCaveat(report),
    ...report.overrides.map(overrideCaveat),
    ...report.downgrades.map((downgrade) => `Trust switched off: ${plainText(downgrade)}.`),
    ...report.arms.flatMap(instanceCaveat),
    ...report.arms
      .filter((arm) => arm.outcomes.censored > 0)
      .map(
        ({ name, outcomes: { censored } }) =>
          `${plainText(name)}: ${censored} ${censored === 1 ? "trial was" : "trials were"} still down at the limit and no mean or ` +
          "plain median counts that in, so the truth is longer.",
      ),
  ];
}

/** An instance that comes back is counted with the others, and told apart from them wherever numbers are shown. */
function instanceCaveat({ name, answered_by }: ArmReport): readonly string[] {
  const same = answered_by.find(({ instance }) => instance === "same");
  if (same === undefined) return [];
  const others = answered_by.filter(({ instance }) => instance !== "same");
  const all = answered_by.reduce((sum, { trials }) => sum + trials, 0);
  const apart = others.map(
    ({ instance, median_ms }) =>
      `, with ${instance === "new" ? "a new" : "an unknown"} instance ${secondsOf(median_ms)}`,
  );
  return [
    `${plainText(name)}: in ${same.trials} of ${all} recovered trials the same instance came back, which is no failover. ` +
      `Median recovery there ${secondsOf(same.median_ms)}${apart.join("")}` +
      (others.length === 0 ? "." : "; the statistics of this arm hold them all."),
  ];
}

const secondsOf = (value: StatisticValue | null): string =>
  value === null ? NONE : secondsWithUnit(value.value_ms, value.range_ms);

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
  return `${switchedOff} in ${counted(trials, "trial")}: ${saw.map(plainText).join("; ")}.`;
}

/** DESIGN section 5: accuracy is claimed at speed 1 only. */
function speedCaveat({ clock }: RunReport): readonly string[] {
  if (clock === null || clock.speed === 1) return [];
  return [
    `Rehearsed on the embedded lab at ${clock.speed}x: ${clock.speed} lab seconds pass in a real one. ` +
      "The intervals hold what the scaling costs, but accuracy is claimed at speed 1 only.",
  ];
}
