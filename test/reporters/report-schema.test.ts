import { describe, expect, it } from "vitest";
import { analyse } from "../../src/analysis/analyse.ts";
import type { RunReport } from "../../src/model/run-report.ts";
import { textOf } from "../support/report-input.ts";
import { reportJsonSchema, reportSchema } from "../../src/reporters/report-schema.ts";
import { reportJson } from "../../src/reporters/report-json.ts";
import { fakeReport } from "../support/fake-report.ts";
import type { FakeRunOptions } from "../support/fake-run.ts";
import { fakeRun, streamed } from "../support/fake-run.ts";
import { emptyReport } from "./empty-report.ts";
import { hostileReport } from "./hostile-report.ts";

/** As a reader of the file has it. */
function read(report: RunReport): unknown {
  return JSON.parse(textOf(reportJson, report));
}

async function analysed(options: FakeRunOptions): Promise<RunReport> {
  const { plan, records, samples } = fakeRun(options);
  return analyse({ plan, records, samples: streamed(samples) });
}

type Parent = Record<string, unknown> | unknown[];

/** Every object and list in plain data, with its path; the data may be changed while it is walked. */
function* parents(value: unknown, path = ""): Generator<readonly [path: string, Parent]> {
  if (typeof value !== "object" || value === null) return;
  yield [path, value as Parent];
  for (const [key, child] of Object.entries(value)) yield* parents(child, `${path}/${key}`);
}

const records = (value: unknown): readonly (readonly [string, Record<string, unknown>])[] =>
  [...parents(value)].flatMap(([path, each]) =>
    Array.isArray(each) ? [] : [[path, each] as const],
  );

describe("reportSchema", () => {
  it.each([
    ["full", fakeReport],
    ["empty", emptyReport],
    ["hostile", hostileReport],
  ])("takes a %s report as its file holds it, and changes nothing", (_, make) => {
    const report = read(make());
    expect(reportSchema.parse(report)).toEqual(report);
  });

  it.each<[string, FakeRunOptions]>([
    ["mixed", { trials: 10 }],
    ["refused", { trials: 1, fate: () => "refused" }],
    ["dead", { trials: 2, diesAfter: 1 }],
    ["dead before its first trial", { diesAfter: 0 }],
  ])("takes the analysis of a %s run", async (_, options) => {
    const report = read(await analysed(options));
    expect(reportSchema.parse(report)).toEqual(report);
  });

  it("refuses a key too many, wherever it stands", async () => {
    const report = read(await analysed({ trials: 2 }));
    const taken = records(report).flatMap(([path, record]) => {
      record["surplus"] = 1;
      const { success } = reportSchema.safeParse(report);
      delete record["surplus"];
      return success ? [path] : [];
    });
    expect(taken).toEqual([]);
  });

  it("refuses a missing key, except a reason why something was not measured", async () => {
    const report = read(await analysed({ trials: 2 }));
    const spared = records(report).flatMap(([path, record]) =>
      Object.entries(record).flatMap(([key, value]) => {
        delete record[key];
        const { success } = reportSchema.safeParse(report);
        record[key] = value;
        return success ? [`${path}/${key}`] : [];
      }),
    );
    expect(spared.filter((path) => !path.includes("/not_measured/"))).toEqual([]);
  });

  it("refuses another version of the format", () => {
    expect(reportSchema.safeParse({ ...fakeReport(), format: 2 }).success).toBe(false);
  });
});

describe("reportJsonSchema", () => {
  const schema = reportJsonSchema();
  const nodes = schemasIn(schema);

  it("is draft 7, and names what it describes", () => {
    expect(schema).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "blackout report",
      type: "object",
      properties: { format: { const: 1 } },
    });
    expect(Object.keys(schema["definitions"] as object)).toEqual(
      expect.arrayContaining(["ArmReport", "TrialResult", "Outcome", "RangeMs", "SpanMs"]),
    );
  });

  it("uses keywords of draft 7 only, and its types", () => {
    const unknown = nodes.flatMap(([, node]) => Object.keys(node).filter((key) => !known.has(key)));
    expect(unknown).toEqual([]);
    const types = nodes.flatMap(([, { type }]) => type ?? []);
    expect(types.filter((type) => !draft7Types.has(type))).toEqual([]);
  });

  it("refers only to definitions that it holds, and holds only those that are used", () => {
    const used = nodes.flatMap(([, node]) =>
      typeof node["$ref"] === "string" ? node["$ref"] : [],
    );
    const held = Object.keys(schema["definitions"] as object).map((id) => `#/definitions/${id}`);
    expect([...new Set(used)].toSorted()).toEqual(held.toSorted());
  });

  it("says nothing beside a reference, where draft 7 would not read it", () => {
    const references = nodes.filter(([, node]) => "$ref" in node);
    expect(references.filter(([, node]) => Object.keys(node).length > 1)).toEqual([]);
  });

  it("closes every object and requires all of its keys", () => {
    const objects = nodes.filter(([, node]) => "properties" in node);
    expect(objects.length).toBeGreaterThan(20);
    for (const [path, { properties, required, additionalProperties }] of objects) {
      expect([path, additionalProperties]).toEqual([path, false]);
      expect([path, required]).toEqual([path, Object.keys(properties as object)]);
    }
  });

  it("allows a list of places no other length", () => {
    const lists = nodes.filter(([, { items }]) => Array.isArray(items));
    expect(lists.length).toBeGreaterThan(1);
    for (const [path, { minItems, maxItems }] of lists) {
      expect([path, minItems, maxItems]).toEqual([path, 2, 2]);
    }
  });
});

const draft7Types = new Set<unknown>("array boolean integer null number object string".split(" "));

/** The keywords of draft 7 that a report needs; those that hold schemas are walked by `schemasIn`. */
const known = new Set(
  (
    "$schema $ref definitions title description type const enum format properties required additionalProperties " +
    "propertyNames items additionalItems minItems maxItems minimum maximum exclusiveMinimum anyOf oneOf allOf"
  ).split(" "),
);

/** Every schema within a schema: not its enumerations, and not the maps from a name to a schema. */
function schemasIn(
  node: unknown,
  path = "#",
): readonly (readonly [path: string, node: Readonly<Record<string, unknown>>])[] {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((each, at) => schemasIn(each, `${path}/${at}`));
  const inner = Object.entries(node).flatMap(([key, value]) => {
    if (key === "properties" || key === "definitions") {
      return Object.entries(value as object).flatMap(([name, each]) =>
        schemasIn(each, `${path}/${key}/${name}`),
      );
    }
    return holders.has(key) ? schemasIn(value, `${path}/${key}`) : [];
  });
  return [[path, node as Readonly<Record<string, unknown>>], ...inner];
}

const holders = new Set("additionalProperties propertyNames items anyOf oneOf allOf".split(" "));
