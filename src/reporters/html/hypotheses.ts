import type { RankedHypothesis, ReferenceHypotheses } from "../../model/hypothesis.ts";
import type { RunReport } from "../../model/run-report.ts";
import { fixed, seconds } from "../format.ts";
import { MOST_HYPOTHESES, lessLikely } from "../hypothesis-words.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import { column, number, table } from "./table.ts";

/** What may have made the values of references, whose timers nobody logged. */
export const hypotheses = ({ hypotheses: all }: RunReport): Markup =>
  all.length === 0
    ? nothing
    : markup`<section aria-labelledby="hypotheses"><h2 id="hypotheses">What may have made the reference's values</h2>
${all.map(ofReference)}</section>
`;

const ofReference = ({ title, source, ranked, text, assumed }: ReferenceHypotheses): Markup =>
  markup`<h3>${title}</h3>
<p class="soft">${source}</p>
${text.map((each) => markup`<p>${each}</p>`)}
${table(
  `What may have made ${title}`,
  [column("hypothesis"), ...["less likely", "median, s", "distance"].map(number)],
  ranked.slice(0, MOST_HYPOTHESES).map(row),
)}
<p class="soft">Assumed: ${assumed.join("; ")}.</p>`;

const row = (hypothesis: RankedHypothesis): Markup =>
  markup`<tr><th scope="row">${hypothesis.name}</th><td class="number">${lessLikely(hypothesis)}</td><td class="number">${seconds(hypothesis.median_ms)}</td><td class="number">${fixed(hypothesis.ecdf_distance, 2)}</td></tr>
`;
