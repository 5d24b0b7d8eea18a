import type { Reporter } from "./reporter.ts";

export const reportJson: Reporter = (report) => [
  { path: "report.json", content: `${JSON.stringify(report, null, 2)}\n` },
];
