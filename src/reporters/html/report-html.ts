import type { ReportFile, Reporter, ReportInput } from "../reporter.ts";
import { drawingsOf } from "../plots/drawings.ts";
import { armByArm } from "./arm-by-arm.ts";
import { armsSideBySide } from "./arms.ts";
import { basis } from "./basis.ts";
import type { Detail } from "./detail.ts";
import { detailOf } from "./detail.ts";
import { hypotheses } from "./hypotheses.ts";
import { markup, trusted } from "./markup.ts";
import type { Thumbnails } from "./pictures.ts";
import { readThumbnails, thumbnailsWanted } from "./pictures.ts";
import { styleSheet } from "./style-sheet.ts";
import { summary } from "./summary.ts";
import { everyTrial } from "./trials.ts";

/** One page that needs nothing: no network, no script. Its policy forbids both, whatever foreign text may say. */
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
  const content = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${report.experiment.title}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<a class="skip" href="#arms">Skip to the numbers</a>
<main>
${summary(report)}
<nav aria-label="Contents"><ul>${contents.map(({ id, name }) => markup`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
${armsSideBySide(report, drawings)}
${armByArm(report, drawings)}
${hypotheses(report)}
${everyTrial(input, thumbnails, detail)}
${basis(report)}
</main>
</body>
</html>
`;
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
