import { phases } from "../../../src/model/experiment.ts";
import { sampleColumns } from "../../../src/reporters/columns/sample-columns.ts";
import { trialColumns } from "../../../src/reporters/columns/trial-columns.ts";
import { gnuplot } from "../../../src/reporters/gnuplot.ts";
import { junitXml } from "../../../src/reporters/junit/junit-xml.ts";
import { otlpJson } from "../../../src/reporters/otlp/otlp-json.ts";
import { metrics } from "../../../src/reporters/prometheus.ts";
import { reportJsonSchema } from "../../../src/reporters/report-schema.ts";
import { recoveryHead } from "../../../src/reporters/tables/recovery-table.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { fakeRun } from "../../support/fake-run.ts";
import { filesOf, inputFor, inputOfRun, textOf } from "../../support/report-input.ts";
import { emptyReport } from "../empty-report.ts";
import type { Element } from "../strict-markup.ts";
import { parseStrictly } from "../strict-markup.ts";

/** What each format has for a reader to rely on, by file, as it is written now. */
export const fieldsNow = async (): Promise<Readonly<Record<string, readonly string[]>>> =>
  Object.fromEntries(
    Object.entries({
      "trials.csv": trialColumns.map(({ name }) => name),
      "samples.csv": sampleColumns.map(({ name }) => name),
      "recovery-by-trial.csv": await armColumns(),
      "recovery.md": [...recoveryHead],
      "junit.xml": [fakeReport(), emptyReport()].flatMap((report) => [
        ...partsOf(parseStrictly(textOf(junitXml, report).trimEnd())),
        ...properties(textOf(junitXml, report)),
      ]),
      "metrics.prom": Object.entries(metrics).map(
        ([name, { labels }]) => `${name}{${labels.join(",")}}`,
      ),
      "traces.jsonl": [...(await spanFields(true)), ...(await spanFields(false))],
      "report.json": schemaFields(),
    }).map(([file, fields]) => [file, [...new Set(fields)].toSorted()]),
  );

/** `trial`, `<arm>_s`. */
async function armColumns(): Promise<readonly string[]> {
  const [table] = await filesOf(gnuplot, inputFor(fakeReport()));
  const [header = ""] = table?.bytes.toString().split("\n") ?? [];
  const names = fakeReport().arms.map(({ name }) => `${name.replaceAll("-", "_")}_s`);
  return header.split(",").map((name) => (names.includes(name) ? "<arm>_s" : name));
}

/** Elements, and their attributes as `testcase@time`. */
const partsOf = (element: Element): readonly string[] => [
  element.name,
  ...[...element.attributes.keys()].map((attribute) => `${element.name}@${attribute}`),
  ...element.children.flatMap(partsOf),
];

/** The suite's properties, without the names of arms and trials: `<trial>.recovery_s`. */
const properties = (xml: string): readonly string[] =>
  [...xml.matchAll(/<property name="([^"]*)"/gu)].map(([, name = ""]) =>
    name.replace(/^\d{3}-.*\./u, "<trial>.").replace(/^[a-z-]+\./u, "<arm>."),
  );

interface Span {
  readonly name: string;
  readonly attributes: readonly { readonly key: string }[];
  readonly events: readonly Pick<Span, "name" | "attributes">[];
}

/** `trial blackout.run`, and of events `trial/spell silent blackout.spell.kind`. */
async function spanFields(real: boolean): Promise<readonly string[]> {
  const input = real ? await inputOfRun(fakeRun({ trials: 4 })) : inputFor(fakeReport());
  const [file] = await filesOf(otlpJson, input);
  const lines = file?.bytes.toString().trimEnd().split("\n") ?? [];
  return lines
    .flatMap((line) => {
      const { resourceSpans } = JSON.parse(line) as {
        readonly resourceSpans: readonly {
          readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
        }[];
      };
      return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    })
    .map((span) => ({ ...span, name: isPhase(span.name) ? "<phase>" : span.name }))
    .flatMap(({ name, attributes, events }) => [
      ...attributes.map(({ key }) => `${name} ${key}`),
      ...events.flatMap((event) =>
        event.attributes.map(({ key }) => `${name}/${event.name.replace(/ .*/u, "")} ${key}`),
      ),
    ]);
}

const isPhase = (name: string): boolean => phases.some((phase) => phase === name);

/** Every key of every object of the schema, at its place: `arms[].statistics[].n`. */
function schemaFields(): readonly string[] {
  const schema = reportJsonSchema();
  const definitions = schema["definitions"] as Readonly<Record<string, unknown>>;
  const fields = (node: unknown, at: string): readonly string[] => {
    if (typeof node !== "object" || node === null) return [];
    const {
      $ref,
      properties: keys,
      items,
      anyOf,
      oneOf,
    } = node as Readonly<Record<string, unknown>>;
    if (typeof $ref === "string") return fields(definitions[$ref.split("/").at(-1) ?? ""], at);
    return [
      ...Object.entries(keys ?? {}).flatMap(([key, value]) => {
        const place = at === "" ? key : `${at}.${key}`;
        return [place, ...fields(value, place)];
      }),
      ...(Array.isArray(items) ? [] : fields(items, `${at}[]`)),
      ...[anyOf, oneOf].flatMap((choice) =>
        Array.isArray(choice) ? choice.flatMap((each) => fields(each, at)) : [],
      ),
    ];
  };
  return fields(schema, "");
}
