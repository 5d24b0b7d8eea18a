import { stringify } from "yaml";
import { jsonText } from "../base/json-text.ts";
import { plainText } from "../base/plain-text.ts";
import type { Finding, Paste } from "../model/survey.ts";
import type { CheckedCluster } from "./check-cluster.ts";
import { exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

type Colours = Terminal["outColours"];

const marks = { ok: "ok", note: "!", problem: "x" } as const satisfies Record<
  Finding["level"],
  string
>;

/** For people: a section for each cluster, a line for each finding; then what there is to paste. */
export function checkLines(
  file: string,
  clusters: readonly CheckedCluster[],
  colours: Colours,
): string {
  const sections = clusters.map((cluster) => sectionOf(cluster, colours));
  const paste = pasteOf(clusters);
  const block =
    paste === null
      ? []
      : [
          `${colours.bold(`To paste into ${file}`)}, once you have made sure of it as said above:\n\n${paste}`,
        ];
  return `${[...sections, ...block].join("\n\n").trimEnd()}\n`;
}

function sectionOf({ name, kind, findings, code }: CheckedCluster, colours: Colours): string {
  const topics = Math.max(...findings.map(({ topic }) => topic.length));
  const subjects = Math.max(...findings.map(({ subject }) => plainText(subject).length));
  const lines = findings.map((finding) => {
    const { level, topic, subject, saw, needs } = finding;
    const head = `${marks[level].padEnd(2)}  ${topic.padEnd(topics)}  ${plainText(subject).padEnd(subjects)}`;
    const said = plainText(`${saw}${needs === null ? "" : `. Needs ${needs}`}`);
    return coloured(`  ${head}  ${said}`, level, colours);
  });
  const problems = findings.filter(({ level }) => level === "problem").length;
  const end =
    code === exitCode.pass
      ? colours.green("  A run would be allowed. Nothing has been touched.")
      : colours.red(
          `  Not as it should be: ${problems} problem(s), marked x. Nothing was touched.`,
        );
  return [colours.bold(`${name} (${kind})`), ...lines, end].join("\n");
}

function coloured(line: string, level: Finding["level"], colours: Colours): string {
  switch (level) {
    case "ok":
      return line;
    case "note":
      return colours.yellow(line);
    case "problem":
      return colours.red(line);
  }
}

/** All that the findings propose, as one part of an inventory; null: nothing. */
export function pasteOf(clusters: readonly CheckedCluster[]): string | null {
  const entries = clusters
    .map(({ name, findings }) => [name, merged(findings)] as const)
    .filter(([, paste]) => Object.keys(paste).length > 0);
  if (entries.length === 0) return null;
  return stringify({ clusters: Object.fromEntries(entries) }, { lineWidth: 0 });
}

const merged = (findings: readonly Finding[]): Paste =>
  findings.reduce<Paste>((whole, { paste }) => mergedWith(whole, paste ?? {}), {});

function mergedWith(whole: Paste, part: Paste): Paste {
  const result: Record<string, Paste[string]> = { ...whole };
  for (const [name, value] of Object.entries(part)) {
    const there = result[name];
    result[name] = isPaste(there) && isPaste(value) ? mergedWith(there, value) : value;
  }
  return result;
}

const isPaste = (value: Paste[string] | undefined): value is Paste =>
  typeof value === "object" && !Array.isArray(value);

/** For machines. */
export const checkJson = (file: string, clusters: readonly CheckedCluster[]): string =>
  jsonText({
    format: 1,
    inventory: file,
    allowed: clusters.every(({ code }) => code === exitCode.pass),
    clusters: clusters.map(({ name, kind, code, findings }) => ({
      name,
      kind,
      allowed: code === exitCode.pass,
      exit_code: code,
      findings,
    })),
  });
