import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.ts";
import type { RunReport } from "../../../src/model/run-report.ts";
import { reportHtml } from "../../../src/reporters/html/report-html.ts";
import { reportJson } from "../../../src/reporters/report-json.ts";
import type { ReportInput } from "../../../src/reporters/reporter.ts";
import { fakeReport, hostile } from "../../support/fake-report.ts";
import { fakeManyTrials } from "../../support/fake-many-trials.ts";
import { filesOf, inputFor, textOf as fileOf } from "../../support/report-input.ts";
import { emptyReport } from "../empty-report.ts";
import { hostileReport } from "../hostile-report.ts";
import type { Element } from "../strict-markup.ts";
import { all, parseStrictly, textOf } from "../strict-markup.ts";

const write = (report: RunReport): string => fileOf(reportHtml, report);

const parse = (html: string): Element =>
  parseStrictly(html.replace("<!doctype html>\n", "").trimEnd(), ["meta", "br"]);

const read = (report: RunReport): Element => parse(write(report));

const readAll = async (input: ReportInput): Promise<Element> => {
  const [file] = await filesOf(reportHtml, input);
  return parse(present(file, "the page").bytes.toString());
};

const ofClass = (root: Element, name: string, className: string): readonly Element[] =>
  all(root, name).filter((each) =>
    (each.attributes.get("class") ?? "").split(" ").includes(className),
  );

test("report.html says verdict, answer and warnings before anything else", () => {
  const [header] = all(read(fakeReport()), "header");
  const text = textOf(present(header, "header"));
  expect(text).toMatch(/INCONCLUSIVE/u);
  expect(text).toMatch(/A desktop is gone for [\d.]+\u00a0s on proxmox-guest/u);
  expect(text).toMatch(/9 of 10 between [\d.]+ and [\d.]+\u00a0s/u);
  expect(text).toMatch(/detection takes [\d.]+\u00a0s of it/u);
  expect(text).toMatch(/60x.*accuracy is claimed at speed 1 only/u);
  expect(text).toMatch(/TLS of bmc-pve2 is not verified/u);
});

test("report.html shows each drawing large and for a phone", () => {
  const root = read(fakeReport());
  const drawings = (name: string): number => ofClass(root, "div", name).length;
  // Recovery and ECDF of all arms, and timeline and cycle's age of each of three.
  expect([drawings("wide"), drawings("narrow")]).toEqual([8, 8]);
  for (const svg of all(root, "svg")) {
    const width = svg.attributes.get("viewBox")?.split(" ")[2];
    expect(["960", "360"]).toContain(width);
  }
});

test("report.html cuts long texts of others at the length that it states, which report.json does not", () => {
  const long = "word ".repeat(4000);
  const notes = [
    ...Array.from({ length: 25 }, (_, index) => `${index} ${long}`),
    "0 twice",
    "0 twice",
  ];
  const trials = fakeReport().trials.map((trial, index) =>
    index === 0
      ? {
          ...trial,
          outcome: { kind: "void", why: long } as const,
          answering: { before: long, after: long },
          notes,
        }
      : trial,
  );
  const root = read(fakeReport({ trials }));
  const text = textOf(root);
  expect(text).toMatch(
    /20 notes and 8 spells in words are shown; .* worded 300: what is cut ends in "…"\./u,
  );
  const runs = text.match(/(?:word ){3,}\w*…?/gu) ?? [];
  expect(runs.length).toBeGreaterThanOrEqual(20 + 3);
  for (const run of runs) {
    expect(run.length).toBeLessThanOrEqual(300);
    expect(run).toMatch(/…$/u);
  }
  expect(text).toContain("... and 6 more in report.json");
  expect(fileOf(reportJson, fakeReport({ trials }))).toContain(long);
});

test("report.html leaves out what cannot be drawn", () => {
  const trials = fakeReport().trials.map((trial) =>
    trial.arm === "kubernetes" ? { ...trial, cycle_age: null } : trial,
  );
  expect(ofClass(read(fakeReport({ trials })), "div", "wide")).toHaveLength(7);
  expect(all(read(emptyReport()), "svg")).toEqual([]);
});

test("report.html names every table, every region that scrolls and every drawing, and each heading is inside the one above it", () => {
  const root = read(fakeReport());
  for (const table of all(root, "table")) expect(all(table, "caption")).toHaveLength(1);
  for (const head of all(root, "th"))
    expect(["row", "col"]).toContain(head.attributes.get("scope"));
  const valuesOf = (name: string): readonly string[] =>
    anyOf(root).flatMap(({ attributes }) => attributes.get(name) ?? []);
  const ids = valuesOf("id");
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining([...valuesOf("aria-labelledby")]));
  expect(ids).toEqual(
    expect.arrayContaining(valuesOf("href").map((target) => target.replace("#", ""))),
  );
  const unnamed = anyOf(root).filter(
    ({ attributes }) =>
      attributes.has("tabindex") &&
      !attributes.has("aria-label") &&
      !attributes.has("aria-labelledby"),
  );
  expect(unnamed).toEqual([]);
  const levels = anyOf(root).flatMap(({ name }) => /^h([1-6])$/u.exec(name)?.[1] ?? []);
  for (const [index, level] of levels.entries()) {
    expect(Number(level) - Number(levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
  }
});

const anyOf = (element: Element): readonly Element[] => [
  element,
  ...element.children.flatMap(anyOf),
];

test("report.html opens each trial: seconds, waits, both edges, journal, pictures", async () => {
  const root = await readAll(await fakeManyTrials(6));
  const details = all(root, "details");
  expect(details).toHaveLength(6);
  const [first] = details;
  const text = textOf(present(first, "a trial"));
  expect(text).toMatch(/0001-proxmox-guest: [\d.]+ ± [\d.]+ s, recovered, new instance/u);
  expect(text).toMatch(/detection [\d.]+ ± [\d.]+ s, fencing/u);
  expect(text).toMatch(/agent lock [\d.]+ s \([\d.]+ \.\. [\d.]+\)/u);
  expect(text).toMatch(/lost desktop [●○·]+/u);
  expect(text).toMatch(/back control [●○·]+/u);
  expect(text).toMatch(/THE FAULT is asked for/u);
  expect(text).toMatch(/ANSWERING AGAIN/u);
  const images = all(present(first, "a trial"), "img");
  expect(images.map(({ attributes }) => attributes.get("alt"))).toEqual([
    "The desktop before the kill",
    "The desktop after the recovery",
  ]);
  for (const { attributes } of images) {
    expect(attributes.get("src")).toMatch(/^data:image\/png;base64,iVBOR[A-Za-z0-9+/]+=*$/u);
  }
});

test("report.html names a picture that is gone, or too large to be a thumbnail, as the file that it was", async () => {
  const input = await fakeManyTrials(3);
  for (const bytes of [null, Buffer.alloc(5000)]) {
    const root = await readAll({ ...input, picture: async () => await Promise.resolve(bytes) });
    expect(all(root, "img")).toEqual([]);
    expect(textOf(root)).toContain("before the kill: frames/0001-proxmox-guest-before.png");
  }
});

test("report.html tells where each arm's time goes, and how its trials lay to their predictions", () => {
  const text = textOf(read(fakeReport()));
  expect(text).toMatch(
    /In the medians, of [\d.]+\u00a0s, [\d.]+\u00a0s is the agent lock \(constant\)/u,
  );
  expect(text).toContain("Against their predictions: 8 trials inside, 1 trial OUTSIDE.");
});

test("report.html tells settings and who told them, overridden guards, and trust that was switched off", () => {
  const text = textOf(read(fakeReport()));
  expect(text).toMatch(/node-monitor-grace-period\s+40 s\s+the inventory/u);
  expect(text).toMatch(/totem\.token\s+3 s\s+the cluster itself/u);
  expect(text).toContain("other-workloads overridden in 2 trials (pve2 also runs mail (100))");
  const trusted = textOf(read(fakeReport({ overrides: [], downgrades: [] })));
  expect(trusted).toContain("every guard was obeyed");
  expect(trusted).toContain("every certificate and host key was verified");
});

test("report.html fetches nothing and runs nothing", () => {
  for (const report of [fakeReport(), hostileReport(), emptyReport()]) {
    const html = write(report);
    expect(html).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`,
    );
    const root = read(report);
    for (const name of ["script", "link", "iframe", "object", "form", "base", "image", "use"]) {
      expect(all(root, name)).toEqual([]);
    }
    expect(html).not.toMatch(/ (?:src|on[a-z]+)=/u);
    expect(html).not.toMatch(/ href="[^#]/u);
    expect(html).not.toMatch(/@import|url\(/u);
  }
});

test("report.html shows foreign text as text", () => {
  const text = textOf(read(fakeReport()));
  expect(text).toContain(`<script>alert(1)</script> & "q" 'a' | pipe`);
  expect(write(fakeReport())).not.toContain(hostile.slice(-8));
});

test("report.html keeps the journal's foreign text as text, a line a fact", async () => {
  const input = await fakeManyTrials(3);
  const facts = [
    { kind: "no-steady-state", detail: hostile },
    { kind: "act-failed", id: 1, error: hostile },
    { kind: "cluster-not-ready", problems: [hostile, hostile] },
    { kind: "session-ended", at_ms: 1, how: "reset", detail: hostile, since_ms: null },
    { kind: "victim-found", node: hostile, whereabouts: { node: hostile, instance: hostile } },
  ] as const;
  const [id = ""] = input.stories.keys();
  const story = present(input.stories.get(id), "a story");
  const records = facts.map((fact, index) => ({
    at_ms: index,
    event: { trial: id, ...fact },
  }));
  const root = await readAll({ ...input, stories: new Map([[id, { ...story, records }]]) });
  const [first] = all(root, "details");
  const [, journal] = all(present(first, "a trial"), "pre");
  const text = present(journal, "its journal").text;
  expect(text.trimEnd().split("\n")).toHaveLength(facts.length);
  expect(text).toContain("<script>alert(1)</script>");
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
});

test("report.html of a run without a trial still stands", () => {
  const text = textOf(read(emptyReport()));
  expect(text).toContain("No trial says how long a desktop is gone.");
  expect(text).not.toMatch(/NaN|Infinity|undefined|null/u);
});

test("report.html of other trials that ran before is made of the same bytes", async () => {
  const once = write(fakeReport());
  await filesOf(reportHtml, inputFor(hostileReport()));
  expect(write(fakeReport())).toBe(once);
});
