import { present } from "../../base/assert.ts";
import type { Baseline, ComparedArm, Comparison } from "../../model/baseline.ts";
import type { Contrast } from "../../model/contrast.ts";
import type { VerdictName } from "../../model/run-report.ts";
import { comparisonCaveats, pairInWords } from "../comparison-lines.ts";
import { contrastFigures } from "../contrast-words.ts";
import { NONE } from "../format.ts";
import { figure } from "../html/figure.ts";
import type { Markup } from "../html/markup.ts";
import { markup, nothing } from "../html/markup.ts";
import { styleSheet } from "../html/style-sheet.ts";
import { unbroken } from "../html/unbroken.ts";
import { pageAlone } from "../html/whole-page.ts";
import { verdictWord } from "../words.ts";
import { comparisonSentences } from "./comparison-sentence.ts";
import { valuesPlot } from "./values-plot.ts";

/** All that is shown of two runs held against each other. */
export interface ComparedRuns {
  readonly comparison: Comparison;
  readonly own: Baseline;
  readonly other: Baseline;
  /** What a rule makes of it, in words; null: none was given. */
  readonly verdict: { readonly name: VerdictName; readonly rule: string } | null;
}

/** One page that needs nothing: no network, no script, as report.html. */
export function compareHtml(runs: ComparedRuns): string {
  const { comparison, verdict } = runs;
  const title = `${comparison.run} against ${comparison.against}`;
  const [first = "", ...more] = comparisonSentences(comparison);
  const body = markup`<main>
<header>
<h1>${title}</h1>
<p class="headline">${unbroken(first)}</p>
${verdict === null ? nothing : markup`<div class="verdict"><span class="badge ${verdict.name}">${verdictWord[verdict.name]}</span><span>${unbroken(verdict.rule)}</span></div>`}
${more.map((sentence) => markup`<p>${unbroken(sentence)}</p>`)}
${caveats(comparison)}
</header>
<h2>The runs</h2>
${theRuns(runs)}
<h2>By how much</h2>
${differences(comparison)}
<p class="soft">Values of the first run minus those of the second: the median of all differences (Hodges-Lehmann) with its 95 % interval, wherever in their own intervals the trials' values lie. A difference is called one where that interval leaves nought out.</p>
<h2>Arm by arm</h2>
${comparison.arms.map((arm, index) => armSection(arm, index, runs))}
</main>`;
  return pageAlone(title, styleSheet + ownStyle, body).toString();
}

function caveats(comparison: Comparison): Markup {
  const all = comparisonCaveats(comparison);
  if (all.length === 0) return nothing;
  return markup`<ul class="caveats">${all.map((each) => markup`<li>${each}</li>`)}</ul>`;
}

const theRuns = ({ own, other }: ComparedRuns): Markup => markup`${table("What was compared")}
<thead><tr><th scope="col">run</th><th scope="col">experiment</th><th scope="col">started</th><th scope="col">blackout</th></tr></thead>
<tbody>${[own, other].map(({ run, experiment, started_wall, tool }) => markup`<tr><th scope="row">${run}</th><td>${experiment}</td><td>${started_wall ?? NONE}</td><td>${tool}</td></tr>`)}</tbody>
</table></div>`;

const differences = ({ arms }: Comparison): Markup => markup`${table("Differences")}
<thead><tr><th scope="col">arm</th><th scope="col">measure</th><th scope="col">verdict</th><th scope="col" class="number">shift</th><th scope="col" class="number">95 %</th><th scope="col">test</th><th scope="col" class="number">Cliff's delta</th><th scope="col" class="number">trials</th></tr></thead>
<tbody>${arms.flatMap((arm) => arm.measures.map((each) => differenceRow(arm, each)))}</tbody>
</table></div>`;

function differenceRow(arm: ComparedArm, contrast: Contrast): Markup {
  const { verdict, shift, interval, test, cliffsDelta, trials } = contrastFigures(contrast);
  return markup`<tr><th scope="row" class="name">${pairInWords(arm)}</th><td>${contrast.measure}</td><td>${verdict}</td><td class="number">${shift}</td><td class="number">${interval}</td><td class="name">${test}</td><td class="number">${cliffsDelta}</td><td class="number">${trials}</td></tr>
`;
}

function armSection(arm: ComparedArm, index: number, { own, other }: ComparedRuns): Markup {
  const [one, two] = [armOf(own, arm.arm), armOf(other, arm.against)];
  const plots = arm.measures.map(({ measure }) => {
    const sides = [
      { name: own.run, values: one.measures[measure] },
      { name: other.run, values: two.measures[measure] },
    ];
    const drawing = valuesPlot(`values-${index + 1}-${measure}`, measure, sides);
    return drawing === null
      ? markup`<p class="soft">${measure}: no trial says anything of it.</p>`
      : figure(drawing);
  });
  return markup`<section><h3>${pairInWords(arm)}</h3>
<p class="soft">${one.settings.fault}; ${one.settings.desktop}; ${one.settings.placement}; ${one.settings.cluster}, ${one.settings.version}</p>
${plots}</section>`;
}

const armOf = (side: Baseline, name: string): Baseline["arms"][number] =>
  present(
    side.arms.find((arm) => arm.name === name),
    "an arm that was compared",
  );

/** Wide ones are scrolled, by the keyboard too. */
const table = (caption: string): Markup =>
  markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption class="soft">${caption}</caption>`;

const ownStyle = "caption { text-align: left; }";
