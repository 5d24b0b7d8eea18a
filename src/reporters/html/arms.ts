import type { ArmContrast } from "../../model/contrast.ts";
import { durationMeasures } from "../../model/experiment.ts";
import type { ArmReport, RunReport } from "../../model/run-report.ts";
import type { Figures } from "../arm-figures.ts";
import { figuresOf, referenceFigures } from "../arm-figures.ts";
import { armRemarks } from "../arm-remarks.ts";
import { contrastFigures } from "../contrast-words.ts";
import type { Drawings } from "../plots/drawings.ts";
import { spellRows } from "../what-users-see.ts";
import { measureMeaning } from "../words.ts";
import { figure } from "./figure.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import { column, number, table } from "./table.ts";
import { unbroken } from "./unbroken.ts";

/** The arms beside each other, and beside what was measured elsewhere. */
export const armsSideBySide = (
  { arms, comparisons, contrasts }: RunReport,
  { shared }: Drawings,
): Markup => markup`<section aria-labelledby="arms"><h2 id="arms">The arms side by side</h2>
${table(
  "Recovery of each arm, in seconds",
  [
    column("recovery, s"),
    ...["n", "median ± sd", "mean", "min", "max", "p95", "95 % of median"].map(number),
  ],
  arms.map(armRows),
)}
${arms.flatMap(armRemarks).map((text) => markup`<p class="soft">${text}</p>`)}
${comparisons.map(({ text }) => markup`<p>${unbroken(text)}</p>`)}
${contrastTable(contrasts)}
${shared.map(figure)}
<h3>Phases</h3>
${table(
  "Median of each phase, in seconds",
  [column("median, s"), ...arms.map(({ name }) => number(name)), column("meaning")],
  durationMeasures.map(
    (measure) =>
      markup`<tr><th scope="row">${measure}</th>${arms.map((arm) => markup`<td class="number">${figuresOf(arm, measure).median}</td>`)}<td class="meaning">${measureMeaning[measure]}</td></tr>`,
  ),
)}
<p class="soft">Medians of phases need not add up to the median of the whole; in each trial below they do, within its intervals.</p>
${whatUsersSee(arms)}</section>
`;

const contrastTable = (contrasts: RunReport["contrasts"]): Markup =>
  contrasts.length === 0
    ? nothing
    : markup`<h3>Against each other</h3>
${table(
  "Arms held against each other",
  [
    ...["arm", "against", "measure", "verdict"].map(column),
    ...["shift", "95 %"].map(number),
    column("test"),
    ...["Cliff's delta", "trials"].map(number),
  ],
  contrasts.flatMap(contrastRows),
)}
<p class="soft">The arm's values minus those that it is held against.</p>`;

const contrastRows = ({ arm, against, measures }: ArmContrast): readonly Markup[] =>
  measures.map((each) => {
    const { verdict, shift, interval, test, cliffsDelta, trials } = contrastFigures(each);
    return markup`<tr><th scope="row" class="name">${arm}</th><td class="name">${against}</td><td>${each.measure}</td><td>${verdict}</td><td class="number">${shift}</td><td class="number">${interval}</td><td class="test">${test}</td><td class="number">${cliffsDelta}</td><td class="number">${trials}</td></tr>`;
  });

function whatUsersSee(arms: readonly ArmReport[]): Markup {
  const rows = spellRows(arms);
  if (rows.length === 0) return nothing;
  return markup`<h3>What a user sees</h3>
${table(
  "What a user sees, median of the recovered trials in seconds",
  [
    column("median, s (recovered trials)"),
    ...arms.map(({ name }) => number(name)),
    column("meaning"),
  ],
  rows.map(
    ({ kind, cells, meaning }) =>
      markup`<tr><th scope="row">${kind}</th>${cells.map((cell) => markup`<td class="number">${cell}</td>`)}<td class="meaning">${meaning}</td></tr>`,
  ),
)}
<p class="soft">Who reloads the page sees one failure after the other; spells of one kind count together. Who does not reload has a session that was open before the kill.</p>`;
}

function armRows(arm: ArmReport): Markup {
  const { reference } = arm;
  const own = markup`<tr><th scope="row" class="name">${arm.name}</th>${cells(arm.outcomes.recovered, figuresOf(arm, "recovery"))}</tr>`;
  if (reference === null) return own;
  return markup`${own}<tr class="reference"><th scope="row" class="name">◇ ${reference.title}</th>${cells(reference.n, referenceFigures(reference))}</tr>`;
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
