import type { RunReport } from "../../model/run-report.ts";
import type { Answering, TrialResult } from "../../model/trial-result.ts";
import { NONE, measured } from "../format.ts";
import { waitingUser } from "../what-users-see.ts";
import { predictionWords } from "../prediction-words.ts";
import { outcomeWords } from "../words.ts";
import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";

export const trialsTable = ({ trials }: RunReport): Markup => markup`<h2>All trials</h2>
<div class="scroll"><table>
<thead><tr><th>trial</th><th class="number">recovery</th><th class="number">outage</th><th class="number">predicted</th><th>victim → then on</th><th class="number">cycle age</th><th>outcome</th></tr></thead>
<tbody>${trials.map(row)}</tbody>
</table></div>
<p class="soft">Cycle age: how old the victim's agent lock or lease was when the fault struck; it decides how many rounds the cluster waits. Predicted: where the twin, from what was seen until the kill, puts 95 % of such recoveries.</p>`;

const row = (trial: TrialResult): Markup => {
  const { recovery, outage } = trial.durations_ms;
  const age = trial.cycle_age?.age_ms ?? null;
  return markup`<tr><th class="name">${trial.trial}</th><td class="number">${recovery === null ? NONE : measured(recovery)}</td><td class="number">${outage === null ? NONE : measured(outage)}</td><td class="number">${predictionWords(trial.prediction)}</td><td class="name">${trial.victim ?? NONE} → ${trial.after?.node ?? NONE}${trial.victim_was_master === true ? markup`<br><span class="soft">CRM master</span>` : ""}</td><td class="number">${age === null ? NONE : measured(age)}</td><td class="wrap">${outcomeWords(trial.outcome)}${remarks(trial)}</td></tr>
`;
};

const remarks = ({ answering, after, notes, ...trial }: TrialResult): readonly Markup[] =>
  [
    ...answers(answering, after?.instance ?? null),
    ...(trial.session === null ? [] : [`held session: ${waitingUser(trial.session)}`]),
    ...notes,
  ].map((each) => markup`<br><span class="soft">${each}</span>`);

/** Who answered before, and who does then: by its own name, or the control plane's word. */
function answers({ before, after }: Answering, instance: string | null): readonly string[] {
  if (before === null || after === null) return instance === null ? [] : [instance];
  return [before === after ? `${after}, as before` : `${before} → ${after}`];
}
