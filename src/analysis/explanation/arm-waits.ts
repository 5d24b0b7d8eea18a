import type { ArmWait, Wait } from "../../model/explanation.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { median } from "../quantile.ts";

/** The waits of an arm's explained trials, each over those that had it, in the order in which they were waited for. */
export function armWaits(trials: readonly TrialResult[]): readonly ArmWait[] {
  const byName = new Map<string, Wait[]>();
  for (const { explanation } of trials.toSorted(longestExplanationFirst)) {
    for (const wait of explanation?.waits ?? []) {
      byName.set(wait.name, [...(byName.get(wait.name) ?? []), wait]);
    }
  }
  return [...byName.values()].flatMap(armWait);
}

/** Where a wait could not be told from the next, the trial says less of their order. */
const longestExplanationFirst = (a: TrialResult, b: TrialResult): number =>
  (b.explanation?.waits.length ?? 0) - (a.explanation?.waits.length ?? 0);

function armWait(waits: readonly Wait[]): readonly ArmWait[] {
  const [first] = waits;
  if (first === undefined) return [];
  const { name, phase, source, within } = first;
  const lengths = waits.map(({ likely_ms }) => likely_ms);
  return [
    {
      name,
      phase,
      setting: settingsOf(waits),
      shorten: eachOnce(waits.map(({ shorten }) => shorten)),
      source,
      within,
      n: waits.length,
      median_ms: median(lengths),
      min_ms: Math.min(...lengths),
      max_ms: Math.max(...lengths),
    },
  ];
}

/** `LRM of the target = idle or active`: the name once, where it is the same. */
function settingsOf(waits: readonly Wait[]): string | null {
  const parted = waits.flatMap(({ setting }) => (setting === null ? [] : [setting.split(" = ")]));
  const [name, ...others] = new Set(parted.map(([each]) => each));
  if (name === undefined || others.length > 0) return eachOnce(waits.map(({ setting }) => setting));
  return `${name} = ${eachOnce(parted.map(([, ...value]) => value.join(" = "))) ?? ""}`;
}

/** Null when none has any. */
function eachOnce(texts: readonly (string | null)[]): string | null {
  const distinct = [...new Set(texts)].filter((text) => text !== null);
  return distinct.length === 0 ? null : distinct.join(" or ");
}
