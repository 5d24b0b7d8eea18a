import type { ReportFile, Reporter, ReportInput } from "../reporter.ts";
import { drawingsOf } from "../plots/drawings.ts";
import { armByArm } from "./arm-by-arm.ts";
import { armsSideBySide } from "./arms.ts";
import { basis } from "./basis.ts";
import type { Detail } from "./detail.ts";
import { detailOf } from "./detail.ts";
import { hypotheses } from "./hypotheses.ts";
import { markup } from "./markup.ts";
import type { Thumbnails } from "./pictures.ts";
import { readThumbnails, thumbnailsWanted } from "./pictures.ts";
import { styleSheet } from "./style-sheet.ts";
import { summary } from "./summary.ts";
import { everyTrial } from "./trials.ts";
import { pageAlone } from "./whole-page.ts";

/** One page that needs nothing: what a team is shown. */
export const reportHtml: Reporter = (input) => {
  const detail = detailOf(input.report);
  const wanted = thumbnailsWanted(input, detail);
  return wanted.length === 0
    ? [page(input, new Map(), detail)]
    : withPictures(input, wanted, detail);
};

async function* withPictures(
  input: ReportInput,
  wanted: readonly string[],
  detail: Detail,
): AsyncIterable<ReportFile> {
  yield page(input, await readThumbnails(input, wanted), detail);
}

function page(input: ReportInput, thumbnails: Thumbnails, detail: Detail): ReportFile {
  const { report } = input;
  const drawings = drawingsOf(report);
  const body = markup`<a class="skip" href="#arms">Skip to the numbers</a>
<main>
${summary(report)}
<nav aria-label="Contents"><ul>${contents.map(({ id, name }) => markup`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
${armsSideBySide(report, drawings)}
${armByArm(report, drawings)}
${hypotheses(report)}
${everyTrial(input, thumbnails, detail)}
${basis(report)}
</main>`;
  const content = pageAlone(report.experiment.title, styleSheet, body);
  return { path: "report.html", content: content.toString() };
}

/** What every report has. */
const contents = [
  { id: "arms", name: "side by side" },
  { id: "arm-by-arm", name: "arm by arm" },
  { id: "every-trial", name: "every trial" },
  { id: "clusters", name: "clusters and settings" },
  { id: "trust", name: "overrides and trust" },
  { id: "method", name: "how it was measured" },
] as const;
