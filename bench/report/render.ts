import type { Judged } from "../accuracy/judged.ts";
import { accuracyChecks, accuracyTables } from "../accuracy/report.ts";
import { costChecks, costTables } from "../cost/report.ts";
import { peersTable } from "../peers/report.ts";
import { twinChecks, twinTable } from "../twin/report.ts";
import type { Check } from "./check.ts";
import type { Circumstances, Results } from "./results.ts";
import type { Table } from "./table.ts";
import { inMarkdown, inText } from "./table.ts";

export interface Colours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
}

const tablesOf = ({ accuracy, peers, cost, twin }: Results): readonly Table[] => [
  ...(accuracy === null ? [] : accuracyTables(accuracy.figures)),
  ...(peers === null ? [] : [peersTable(peers.figures, sameOutages(peers, accuracy))]),
  ...(cost === null ? [] : costTables(cost.figures)),
  ...(twin === null ? [] : [twinTable(twin.figures)]),
];

/** What the prober made of the play that the peers watched; nothing where it watched another one. */
const sameOutages = (
  peers: NonNullable<Results["peers"]>,
  accuracy: Results["accuracy"],
): readonly Judged[] => (accuracy?.under.began === peers.under.began ? accuracy.figures : []);

export const checksOf = ({ accuracy, cost, twin }: Results): readonly Check[] => [
  ...(accuracy === null ? [] : accuracyChecks(accuracy.figures)),
  ...(cost === null ? [] : costChecks(cost.figures)),
  ...(twin === null ? [] : twinChecks(twin.figures)),
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

/** One line for all parts that were measured together. */
function circumstances({ accuracy, peers, cost, twin }: Results): string {
  const lines = new Map<string, string[]>();
  for (const [name, part] of Object.entries({ accuracy, peers, cost, twin })) {
    if (part === null) continue;
    const line = inWords(part.under);
    lines.set(line, [...(lines.get(line) ?? []), name]);
  }
  return [...lines].map(([line, names]) => `${names.join(", ")}: ${line}`).join("\n\n");
}

function inWords({ machine, began, seed, quick, duration_s }: Circumstances): string {
  const { cpu, cores, memory_gb, node, kernel } = machine;
  return `${cpu}, ${cores} cores, ${memory_gb} GB; Node ${node}, ${kernel}; ${began}, seed ${seed}, ${Math.round(duration_s)} s${quick ? ", quick" : ""}.`;
}
