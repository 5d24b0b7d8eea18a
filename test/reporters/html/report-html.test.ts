import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.ts";
import type { RunReport } from "../../../src/model/run-report.ts";
import { reportHtml } from "../../../src/reporters/html/report-html.ts";
import { fakeReport, hostile } from "../../support/fake-report.ts";
import { emptyReport } from "../empty-report.ts";
import { hostileReport } from "../hostile-report.ts";
import type { Element } from "../strict-markup.ts";
import { all, parseStrictly, textOf } from "../strict-markup.ts";
import { textOf as fileOf } from "../../support/report-input.ts";

const write = (report: RunReport): string => fileOf(reportHtml, report);

const read = (report: RunReport): Element =>
  parseStrictly(write(report).replace("<!doctype html>\n", "").trimEnd(), ["meta", "br"]);

const ofClass = (root: Element, name: string, className: string): readonly Element[] =>
  all(root, name).filter((each) =>
    (each.attributes.get("class") ?? "").split(" ").includes(className),
  );

test("report.html says verdict, answer and warnings before anything else", () => {
  const [header] = all(read(fakeReport()), "header");
  const text = textOf(present(header, "header"));
  expect(text).toMatch(/INCONCLUSIVE/u);
  expect(text).toMatch(/A desktop is gone for [\d.]+ s on proxmox-guest/u);
  expect(text).toMatch(/60x.*accuracy is claimed at speed 1 only/u);
  expect(text).toMatch(/TLS of bmc-pve2 is not verified/u);
});

test("report.html draws a dot for each recovered trial and a hollow mark for each reference value", () => {
  const root = read(fakeReport());
  // Each arm is drawn three times: all on one axis, closer, and against the cycle's age.
  expect(all(root, "circle")).toHaveLength(3 * 28);
  expect(ofClass(root, "text", "reference")).toHaveLength(2 * 30);
  expect(ofClass(root, "text", "bound")).toHaveLength(2);
});

test("report.html draws a bar for each trial whose fault struck, phase after phase without a gap", () => {
  const root = read(fakeReport());
  const bars = all(root, "svg").filter((svg) => ofClass(svg, "rect", "detection").length > 0);
  expect(bars).toHaveLength(29);
  for (const svg of bars) {
    const segments = svg.children.filter(
      (each) => each.name === "rect" && each.attributes.get("y") === "0",
    );
    let end = 0;
    for (const { attributes } of segments) {
      expect(Number.parseFloat(attributes.get("x") ?? "")).toBeCloseTo(end, 1);
      end += Number.parseFloat(attributes.get("width") ?? "");
    }
    expect(end).toBeLessThanOrEqual(100.05);
  }
});

const plots = (report: RunReport): readonly Element[] =>
  all(read(report), "svg").filter((each) =>
    (each.attributes.get("aria-label") ?? "").endsWith("against the cycle's age at the fault"),
  );

test("report.html draws recovery against the cycle's age, of the arms in which two trials tell both", () => {
  expect(plots(fakeReport())).toHaveLength(3);
  const trials = fakeReport().trials.map((trial) =>
    trial.arm === "kubernetes" ? { ...trial, cycle_age: null } : trial,
  );
  expect(plots(fakeReport({ trials }))).toHaveLength(2);
  const [plot] = plots(fakeReport());
  const [oldest] = all(present(plot, "a plot"), "circle").toReversed();
  expect(Number.parseFloat(present(oldest, "a dot").attributes.get("cx") ?? "")).toBeLessThan(101);
});

test("report.html joins phases that cannot be told apart, and calls them so", () => {
  const [first, ...others] = fakeReport().trials;
  const trial = present(first, "a trial");
  const trials = [{ ...trial, instants: { ...trial.instants, fenced: null } }, ...others];
  const bars = all(read(fakeReport({ trials })), "svg");
  const svg = bars.find((each) =>
    (each.attributes.get("aria-label") ?? "").startsWith(trial.trial),
  );
  const kinds = present(svg, "its bar")
    .children.filter((each) => each.attributes.get("y") === "0")
    .map((each) => each.attributes.get("class"));
  expect(kinds).toEqual(["detection", "untold", "start", "service"]);
});

test("report.html says in words what came of a trial whose fault struck and which is void nevertheless", () => {
  const [first, ...others] = fakeReport().trials;
  const why = "the desktop never stopped answering";
  const trials = [
    { ...present(first, "a trial"), outcome: { kind: "void" as const, why } },
    ...others,
  ];
  const words = ofClass(read(fakeReport({ trials })), "div", "empty").map(textOf);
  expect(words[0]).toContain(`void: ${why}`);
});

test("report.html fetches nothing and runs nothing", () => {
  for (const report of [fakeReport(), hostileReport(), emptyReport()]) {
    const html = write(report);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    const root = read(report);
    for (const name of ["script", "link", "img", "iframe", "object", "a", "form", "base"]) {
      expect(all(root, name)).toEqual([]);
    }
    expect(html).not.toMatch(/ (?:src|href|on[a-z]+)=/u);
    expect(html).not.toMatch(/@import|url\(/u);
  }
});

test("report.html shows foreign text as text", () => {
  const text = textOf(read(fakeReport()));
  expect(text).toContain(`<script>alert(1)</script> & "q" 'a' | pipe`);
  expect(write(fakeReport())).not.toContain(hostile.slice(-8));
});

test("report.html of a run without a trial still stands", () => {
  const text = textOf(read(emptyReport()));
  expect(text).toContain("No trial says how long a desktop is gone.");
  expect(text).not.toMatch(/NaN|Infinity|undefined|null/u);
});

test("report.html of 30 trials stays below 300 kB", () => {
  expect(Buffer.byteLength(write(fakeReport()))).toBeLessThan(300_000);
});
