import type { Reporter } from "../reporter.ts";
import { armByArm, armsSideBySide } from "./arms.ts";
import { basis } from "./basis.ts";
import { hypotheses } from "./hypotheses.ts";
import { markup, trusted } from "./markup.ts";
import { styleSheet } from "./style-sheet.ts";
import { summary } from "./summary.ts";
import { trialsTable } from "./trials-table.ts";

/** One page that needs nothing: no network, no script. Its policy forbids both, whatever foreign text may say. */
export const reportHtml: Reporter = ({ report }) => {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${report.experiment.title}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<main>
${summary(report)}
${armsSideBySide(report)}
${armByArm(report)}
${hypotheses(report)}
${trialsTable(report)}
${basis(report)}
</main>
</body>
</html>
`;
  return [{ path: "report.html", content: page.toString() }];
};
