import type { RankedHypothesis, ReferenceHypotheses } from "../../model/hypothesis.ts";
import type { RunReport } from "../../model/run-report.ts";
import { fixed, seconds } from "../format.ts";
import { MOST_HYPOTHESES, lessLikely } from "../hypothesis-words.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";

/** What may have made the values of references, whose timers nobody logged. */
export const hypotheses = ({ hypotheses: all }: RunReport): Markup =>
  all.length === 0
    ? nothing
    : markup`<h2>What may have made the reference's values</h2>
${all.map(ofReference)}`;

const ofReference = ({ title, source, ranked, text, assumed }: ReferenceHypotheses): Markup =>
  markup`<section><h3>${title}</h3>
<p class="soft">${source}</p>
${text.map((each) => markup`<p>${each}</p>`)}
<div class="scroll"><table>
<thead><tr><th>hypothesis</th><th class="number">less likely</th><th class="number">median, s</th><th class="number">distance</th></tr></thead>
<tbody>${ranked.slice(0, MOST_HYPOTHESES).map(row)}</tbody>
</table></div>
<p class="soft">Assumed: ${assumed.join("; ")}.</p></section>`;

const row = (hypothesis: RankedHypothesis): Markup =>
  markup`<tr><th>${hypothesis.name}</th><td class="number">${lessLikely(hypothesis)}</td><td class="number">${seconds(hypothesis.median_ms)}</td><td class="number">${fixed(hypothesis.ecdf_distance, 2)}</td></tr>
`;
