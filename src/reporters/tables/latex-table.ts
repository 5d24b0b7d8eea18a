import type { Reporter } from "../reporter.ts";
import { latexText } from "./latex-text.ts";
import { recoveryHead, recoveryRows } from "./recovery-table.ts";

/** The same table for `\input`, ruled by booktabs. */
export const latexTable: Reporter = ({ report }) => [
  {
    path: "recovery.tex",
    content: [
      String.raw`% Recovery in seconds. Needs \usepackage{booktabs}.`,
      String.raw`\begin{tabular}{l${"r".repeat(recoveryHead.length - 1)}}`,
      String.raw`  \toprule`,
      row(recoveryHead),
      String.raw`  \midrule`,
      ...recoveryRows(report).map(row),
      String.raw`  \bottomrule`,
      String.raw`\end{tabular}`,
      "",
    ].join("\n"),
  },
];

const row = (cells: readonly string[]): string =>
  `  ${cells.map(latexText).join(" & ")} ${String.raw`\\`}`;
