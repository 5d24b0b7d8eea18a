import { jsonText } from "../base/json-text.ts";
import type { Reporter } from "./reporter.ts";

export const reportJson: Reporter = ({ report }) => [
  { path: "report.json", content: jsonText(report) },
];
