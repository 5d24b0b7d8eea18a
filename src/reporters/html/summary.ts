import { counted } from "../../base/counted.ts";
import type { ArmReport, RunReport } from "../../model/run-report.ts";
import { figuresOf, referenceFigures } from "../arm-figures.ts";
import { caveats } from "../caveats.ts";
import { bulkWords, detectionWords, headline } from "../headline.ts";
import { otherOutcomes, verdictWord } from "../words.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import { unbroken } from "./unbroken.ts";

/** What most readers came for, on one screen: verdict, headline, what speaks against it, a card per arm. */
export const summary = (report: RunReport): Markup => markup`<header>
<h1>${report.experiment.title}</h1>
<p class="headline">${report.arms.length > MAX_IN_HEADLINE ? "How long a desktop is gone" : unbroken(headline(report))}</p>
<div class="verdict"><span class="badge ${report.verdict.name}">${verdictWord[report.verdict.name]}</span><span>${unbroken(report.verdict.why)}</span></div>
${warnings(report)}
<div class="cards">
${report.arms.map(card)}
</div>
<p>${report.experiment.description}</p>
</header>`;

/** The cards say it anyway. */
const MAX_IN_HEADLINE = 4;

function warnings(report: RunReport): Markup {
  const all = caveats(report);
  if (all.length === 0) return nothing;
  return markup`<ul class="caveats">${all.map((each) => markup`<li>${each}</li>`)}</ul>`;
}

function card(arm: ArmReport): Markup {
  const recovery = figuresOf(arm, "recovery");
  const others = otherOutcomes(arm);
  const { reference } = arm;
  return markup`<div class="card">
<div class="name">${arm.name}</div>
<div class="big">${recovery.median}<small> s</small></div>
<p>median recovery of ${counted(arm.outcomes.recovered, "trial")}${others === "" ? nothing : markup` (${others})`}</p>
${[...bulkWords(arm), ...detectionWords(arm)].map((words) => markup`<p>${unbroken(words)}</p>`)}
<p class="soft">${unbroken(`mean ± sd ${recovery.meanWithDeviation} s`)}</p>
<p class="soft">${reference === null ? nothing : unbroken(`${reference.title}: median ${referenceFigures(reference).median} s`)}</p>
</div>
`;
}
