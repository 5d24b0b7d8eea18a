import type { ArmWait, Explanation, Wait } from "../../model/explanation.ts";
import type { ArmReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { NONE, measured, seconds, secondsRange } from "../format.ts";
import { spreadOf, whatWouldShorten, whereTimeGoes } from "../owners.ts";
import { placedWords } from "../words.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";

/** Where an arm's time went, in a sentence and by wait, and each of its trials to be opened. */
export function explanations(arm: ArmReport, trials: readonly TrialResult[]): Markup {
  const sentence = whereTimeGoes(arm);
  if (sentence === null) return nothing;
  return markup`<h4>Where the time goes</h4>
<p>In the medians, ${sentence}. What would shorten it: ${whatWouldShorten(arm).join("; ")}.</p>
<div class="scroll"><table>
<thead><tr><th>wait</th><th>phase</th><th class="number">median, s</th><th class="number">min .. max</th><th>setting</th><th>what would shorten it</th><th>source</th></tr></thead>
<tbody>${arm.waits.map(armRow)}</tbody>
</table></div>
${trials.map(ofTrial)}`;
}

const armRow = (wait: ArmWait): Markup =>
  markup`<tr><th class="name">${wait.name}${beside(wait)}</th><td>${wait.phase}</td><td class="number">${seconds(wait.median_ms)}</td><td class="number">${spreadOf(wait)}</td><td>${wait.setting ?? NONE}</td><td>${wait.shorten ?? "nothing"}</td><td class="soft">${wait.source}</td></tr>
`;

const beside = ({ within }: Pick<Wait, "within">): Markup =>
  within === null ? nothing : markup`<br><span class="soft">while ${within} runs</span>`;

function ofTrial({ trial, explanation, durations_ms: { recovery } }: TrialResult): Markup {
  if (explanation === null || recovery === null) return nothing;
  return markup`<details><summary>${trial}: ${measured(recovery)}, ${placedWords[explanation.placed]}</summary>
${causes(explanation)}<div class="scroll"><table>
<thead><tr><th>wait</th><th class="number">s</th><th class="number">between</th><th>rule</th><th>setting</th></tr></thead>
<tbody>${explanation.waits.map(waitRow)}</tbody>
</table></div></details>
`;
}

const causes = ({ placed, causes: likely }: Explanation): Markup =>
  placed === "outside"
    ? markup`<p>Likely causes: ${likely.length === 0 ? "none stands out" : likely.join("; ")}.</p>
`
    : nothing;

const waitRow = (wait: Wait): Markup =>
  markup`<tr><th class="name">${wait.name}${beside(wait)}</th><td class="number">${seconds(wait.likely_ms)}</td><td class="number">${secondsRange(wait.ms)}</td><td class="rule">${wait.rule} <span class="soft">${wait.source}</span></td><td>${wait.setting ?? NONE}</td></tr>
`;
