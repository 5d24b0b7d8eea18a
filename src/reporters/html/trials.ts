import type { RunReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { NONE, measured } from "../format.ts";
import { predictionWords } from "../prediction-words.ts";
import type { ReportInput } from "../reporter.ts";
import { shortText } from "../short-text.ts";
import { outcomeWords } from "../words.ts";
import type { Detail } from "./detail.ts";
import { MOST_LETTERS, reductionRule } from "./detail.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import type { Thumbnails } from "./pictures.ts";
import { column, number, table } from "./table.ts";
import { trialDetails } from "./trial-details.ts";

/** All trials at a glance, then each by itself. */
export function everyTrial(
  { report, stories }: ReportInput,
  thumbnails: Thumbnails,
  detail: Detail,
): Markup {
  const { trials } = report;
  return markup`<section aria-labelledby="every-trial"><h2 id="every-trial">Every trial</h2>
${overview(trials)}
<p class="soft">Cycle age: how old the victim's agent lock or lease was when the fault struck; it decides how many rounds the cluster waits. Predicted: where the twin, from what was seen until the kill, puts 95 % of such recoveries.</p>
<h3>Each trial with its journal</h3>
<p class="soft">${reductionRule(report, detail)} Times are since the fault, or, where none struck, since the trial began; of the attempts around both edges of an outage ● went well, ○ failed, · was not observed. A trial that is open here is printed open.</p>
${trials.map((trial, index) => trialDetails(trial, idOf(index), { story: stories.get(trial.trial) ?? null, thumbnails: detail.pictured.has(trial.trial) ? thumbnails : none, detail }))}</section>
`;
}

const idOf = (index: number): string => `trial-${index + 1}`;

const overview = (trials: RunReport["trials"]): Markup =>
  table(
    "All trials",
    [
      column("trial"),
      number("recovery"),
      number("outage"),
      number("predicted"),
      column("victim → then on"),
      number("cycle age"),
      column("outcome"),
    ],
    trials.map(row),
  );

function row(trial: TrialResult, index: number): Markup {
  const { recovery, outage } = trial.durations_ms;
  const age = trial.cycle_age?.age_ms ?? null;
  return markup`<tr><th scope="row" class="name"><a href="#${idOf(index)}">${trial.trial}</a></th><td class="number">${recovery === null ? NONE : measured(recovery)}</td><td class="number">${outage === null ? NONE : measured(outage)}</td><td class="number">${predictionWords(trial.prediction)}</td><td class="name">${trial.victim ?? NONE} → ${trial.after?.node ?? NONE}${trial.victim_was_master === true ? markup`<br><span class="soft">CRM master</span>` : nothing}</td><td class="number">${age === null ? NONE : measured(age)}</td><td class="wrap">${shortText(outcomeWords(trial.outcome), MOST_LETTERS)}${answers(trial)}</td></tr>
`;
}

/** Who answered before, and who does then: by its own name, or the control plane's word. */
function answers({ answering: { before, after }, after: place }: TrialResult): Markup {
  const words =
    before === null || after === null
      ? (place?.instance ?? "")
      : before === after
        ? `${after}, as before`
        : `${before} → ${after}`;
  return words === ""
    ? nothing
    : markup`<br><span class="soft">${shortText(words, MOST_LETTERS)}</span>`;
}

/** Its pictures are named only. */
const none: Thumbnails = new Map();
