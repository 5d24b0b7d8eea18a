import { counted } from "../../base/counted.ts";
import type { ArmWait } from "../../model/explanation.ts";
import type { ArmReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { NONE, seconds } from "../format.ts";
import { spreadOf, whatWouldShorten, whereTimeGoes } from "../owners.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import { column, number, table } from "./table.ts";
import { unbroken } from "./unbroken.ts";

/** Where an arm's time went, in a sentence and by wait, and how its trials lay to their predictions. */
export function explanation(arm: ArmReport, trials: readonly TrialResult[]): Markup {
  const sentence = whereTimeGoes(arm);
  if (sentence === null) return nothing;
  const rules = rulesOf(trials);
  return markup`<h4>Where the time goes</h4>
<p>${unbroken(`In the medians, ${sentence}. What would shorten it: ${whatWouldShorten(arm).join("; ")}.`)}</p>
<p class="soft">${placedCounts(trials)}</p>
${table(
  `Where the time of ${arm.name} goes`,
  [
    ...["wait", "phase"].map(column),
    ...["median, s", "min .. max"].map(number),
    ...["rule, as its first trial tells it", "setting", "what would shorten it"].map(column),
  ],
  arm.waits.map((wait) => row(wait, rules.get(wait.name) ?? "")),
)}`;
}

const row = (wait: ArmWait, rule: string): Markup =>
  markup`<tr><th scope="row" class="name">${wait.name}${wait.within === null ? nothing : markup`<br><span class="soft">while ${wait.within} runs</span>`}</th><td>${wait.phase}</td><td class="number">${seconds(wait.median_ms)}</td><td class="number">${spreadOf(wait)}</td><td class="rule">${rule} <span class="soft">${wait.source}</span></td><td>${wait.setting ?? NONE}</td><td>${wait.shorten ?? "nothing"}</td></tr>
`;

/** Each wait's rule as the first trial that had it tells it. */
function rulesOf(trials: readonly TrialResult[]): ReadonlyMap<string, string> {
  const rules = new Map<string, string>();
  for (const { explanation: own } of trials) {
    for (const { name, rule } of own?.waits ?? []) {
      if (!rules.has(name)) rules.set(name, rule);
    }
  }
  return rules;
}

/** `Against their predictions: 9 trials inside, 1 OUTSIDE.` */
function placedCounts(trials: readonly TrialResult[]): string {
  const words = { inside: "inside", outside: "OUTSIDE", "not-predicted": "not predicted" } as const;
  const counts = (["inside", "outside", "not-predicted"] as const).flatMap((placed) => {
    const count = trials.filter((trial) => trial.explanation?.placed === placed).length;
    return count === 0 ? [] : [`${counted(count, "trial")} ${words[placed]}`];
  });
  return `Against their predictions: ${counts.join(", ")}.`;
}
