import { accuracyChecks, accuracyTables } from "../accuracy/report.ts";
import { costChecks, costTables } from "../cost/report.ts";
import { peersTable } from "../peers/report.ts";
import { twinChecks, twinTable } from "../twin/report.ts";
import type { Check } from "./check.ts";
import type { Results } from "./results.ts";
import type { Table } from "./table.ts";
import { inMarkdown, inText } from "./table.ts";

export interface Colours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
}

const tablesOf = ({ accuracy, peers, cost, twin }: Results): readonly Table[] => [
  ...(accuracy === null ? [] : accuracyTables(accuracy)),
  ...(peers === null ? [] : [peersTable(peers, accuracy ?? [])]),
  ...(cost === null ? [] : costTables(cost)),
  ...(twin === null ? [] : [twinTable(twin)]),
];

export const checksOf = ({ accuracy, cost, twin }: Results): readonly Check[] => [
  ...(accuracy === null ? [] : accuracyChecks(accuracy)),
  ...(cost === null ? [] : costChecks(cost)),
  ...(twin === null ? [] : twinChecks(twin)),
];

export function renderText(results: Results, colours: Colours): string {
  const checks = checksOf(results).map(({ ok, text }) =>
    ok ? `${colours.green("✓")} ${text}` : `${colours.red("✗")} ${text}`,
  );
  const blocks = [
    ...tablesOf(results).map((table) => inText(table, colours)),
    checks.join("\n"),
    colours.dim(circumstances(results)),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

export function renderMarkdown(results: Results): string {
  const checks = checksOf(results).map(({ ok, text }) => `- ${ok ? "✓" : "✗"} ${text}`);
  const blocks = [
    circumstances(results),
    ...tablesOf(results).map(inMarkdown),
    ...(checks.length === 0 ? [] : ["### Checks", checks.join("\n")]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function circumstances({ machine, began, seed, quick, duration_s }: Results): string {
  const { cpu, cores, memory_gb, node, kernel } = machine;
  return `${cpu}, ${cores} cores, ${memory_gb} GB; Node ${node}, ${kernel}; ${began}, seed ${seed}, ${Math.round(duration_s)} s${quick ? ", quick" : ""}.`;
}
