import { table } from "../markdown/parts.ts";
import type { Reporter } from "../reporter.ts";
import { recoveryHead, recoveryRows } from "./recovery-table.ts";

/** One table, to be pasted into a text. */
export const markdownTable: Reporter = ({ report }) => [
  { path: "recovery.md", content: `${table(recoveryHead, recoveryRows(report))}\n` },
];
