import type { ArmContrast } from "../../model/contrast.ts";
import { durationMeasures } from "../../model/experiment.ts";
import type { ArmReport, RunReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import type { Figures } from "../arm-figures.ts";
import { figuresOf, referenceFigures, shiftWords } from "../arm-figures.ts";
import { armRemarks } from "../arm-remarks.ts";
import { contrastFigures } from "../contrast-words.ts";
import { fixed } from "../format.ts";
import { spellRows } from "../what-users-see.ts";
import { measureMeaning } from "../words.ts";
import { explanations } from "./explanations.ts";
import { cyclePlot } from "./cycle-plot.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import { recoveryScale, stripPlot } from "./strip-plot.ts";
import { timelineLegend, timelines } from "./timeline.ts";

/** The arms beside each other, and beside what was measured elsewhere. */
export const armsSideBySide = ({ arms, comparisons, contrasts, trials }: RunReport): Markup => {
  const common = recoveryScale(arms, trials, { zero: true });
  return markup`<h2>The arms side by side</h2>
<div class="scroll"><table>
<thead><tr><th>recovery, s</th><th class="number">n</th><th class="number">median ± sd</th><th class="number">mean</th><th class="number">min</th><th class="number">max</th><th class="number">p95</th><th class="number">95 % of median</th></tr></thead>
<tbody>${arms.map(armRows)}</tbody>
</table></div>
${arms.flatMap(armRemarks).map((text) => markup`<p class="soft">${text}</p>`)}
${comparisons.map(({ text }) => markup`<p>${text}</p>`)}
${contrastTable(contrasts)}
<p class="legend"><span>● a trial, with its interval</span><span>◇ a reference value</span><span>▷ still down at its limit</span><span>┆ median</span></p>
${arms.map((arm) => markup`<h3>${arm.name}</h3>${stripPlot(arm, ofArm(arm, trials), common)}`)}
<h2>Phases</h2>
<div class="scroll"><table>
<thead><tr><th>median, s</th>${arms.map(({ name }) => markup`<th class="number">${name}</th>`)}<th>meaning</th></tr></thead>
<tbody>${durationMeasures.map((measure) => markup`<tr><th>${measure}</th>${arms.map((arm) => markup`<td class="number">${figuresOf(arm, measure).median}</td>`)}<td class="meaning">${measureMeaning[measure]}</td></tr>`)}</tbody>
</table></div>
<p class="soft">Medians of phases need not add up to the median of the whole; in each trial below they do, within its intervals.</p>
${whatUsersSee(arms)}`;
};

const contrastTable = (contrasts: RunReport["contrasts"]): Markup =>
  contrasts.length === 0
    ? nothing
    : markup`<h3>Against each other</h3>
<div class="scroll"><table>
<thead><tr><th>arm</th><th>against</th><th>measure</th><th>verdict</th><th class="number">shift</th><th class="number">95 %</th><th>test</th><th class="number">Cliff's delta</th><th class="number">trials</th></tr></thead>
<tbody>${contrasts.flatMap(contrastRows)}</tbody>
</table></div>
<p class="soft">The arm's values minus those that it is held against.</p>`;

const contrastRows = ({ arm, against, measures }: ArmContrast): readonly Markup[] =>
  measures.map((each) => {
    const { verdict, shift, interval, test, cliffsDelta, trials } = contrastFigures(each);
    return markup`<tr><th class="name">${arm}</th><td class="name">${against}</td><td>${each.measure}</td><td>${verdict}</td><td class="number">${shift}</td><td class="number">${interval}</td><td>${test}</td><td class="number">${cliffsDelta}</td><td class="number">${trials}</td></tr>`;
  });
function whatUsersSee(arms: readonly ArmReport[]): Markup {
  const rows = spellRows(arms);
  if (rows.length === 0) return nothing;
  return markup`<h2>What a user sees</h2>
<div class="scroll"><table>
<thead><tr><th>median, s (recovered trials)</th>${arms.map(({ name }) => markup`<th class="number">${name}</th>`)}<th>meaning</th></tr></thead>
<tbody>${rows.map(({ kind, cells, meaning }) => markup`<tr><th>${kind}</th>${cells.map((cell) => markup`<td class="number">${cell}</td>`)}<td class="meaning">${meaning}</td></tr>`)}</tbody>
</table></div>
<p class="soft">Who reloads the page sees one failure after the other; spells of one kind count together. Who does not reload has a session that was open before the kill.</p>`;
}

const ofArm = (arm: ArmReport, trials: readonly TrialResult[]): readonly TrialResult[] =>
  trials.filter((trial) => trial.arm === arm.name);

function armRows(arm: ArmReport): Markup {
  const { reference } = arm;
  const own = markup`<tr><th class="name">${arm.name}</th>${cells(arm.outcomes.recovered, figuresOf(arm, "recovery"))}</tr>`;
  if (reference === null) return own;
  return markup`${own}<tr class="reference"><th class="name">◇ ${reference.title}</th>${cells(reference.n, referenceFigures(reference))}</tr>`;
}

const cells = (count: number, figures: Figures): readonly Markup[] => [
  markup`<td class="number">${count}</td>`,
  markup`<td class="number">${figures.medianWithDeviation}</td>`,
  markup`<td class="number">${figures.mean}</td>`,
  markup`<td class="number">${figures.min}</td>`,
  markup`<td class="number">${figures.max}</td>`,
  markup`<td class="number">${figures.p95}${figures.p95Label === null ? nothing : markup`<br><span class="soft">${figures.p95Label}</span>`}</td>`,
  markup`<td class="number">${figures.interval}</td>`,
];

/** Each arm by itself: what was done, a closer look at its trials, and where their time went. */
export const armByArm = ({ arms, trials }: RunReport): Markup => markup`<h2>Trial by trial</h2>
<p class="soft">Zero is the fault. Each bar ends when the desktop answers again; the mark at its end is the interval in which that was.</p>
${timelineLegend()}
${arms.map((arm) => armSection(arm, ofArm(arm, trials)))}`;

function armSection(arm: ArmReport, trials: readonly TrialResult[]): Markup {
  const { reference } = arm;
  const recovery = recoveryScale([arm], trials, { zero: false });
  return markup`<section><h3>${arm.name}</h3>
<p class="soft">${arm.fault}; ${arm.desktop}; ${arm.placement}; ${arm.moment}; cluster ${arm.cluster}</p>
${reference === null ? nothing : markup`<p class="soft">Against ${reference.title} (${reference.source}): median shifted by ${shiftWords(reference)}${reference.ecdf_distance === null ? nothing : markup`, largest distance of the distributions ${fixed(reference.ecdf_distance, 2)}`}.</p>`}
${timelines(trials)}
${stripPlot(arm, trials, recovery)}
${cyclePlot(arm, trials, recovery)}
${explanations(arm, trials)}
</section>`;
}
