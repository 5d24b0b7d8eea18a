import { expect, test } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { RunReport } from "../../src/model/run-report.ts";
import { junitXml } from "../../src/reporters/junit-xml.ts";
import { fakeReport } from "../support/fake-report.ts";
import { emptyReport } from "./empty-report.ts";
import { hostileReport } from "./hostile-report.ts";
import type { Element } from "./strict-markup.ts";
import { all, parseStrictly } from "./strict-markup.ts";
import { textOf } from "../support/report-input.ts";

const read = (report: RunReport): Element => parseStrictly(textOf(junitXml, report).trimEnd());

const named = (root: Element, suite: string, name: string): Element =>
  present(
    all(root, "testsuite")
      .filter((each) => each.attributes.get("name") === suite)
      .flatMap((each) => all(each, "testcase"))
      .find((each) => each.attributes.get("name") === name),
    name,
  );

const results = (element: Element): readonly string[] =>
  element.children.map(({ name }) => name).filter((name) => name !== "properties");

test("junit.xml makes a suite of each arm and a case of each trial, lasting as long as its recovery", () => {
  const root = read(fakeReport());
  const suites = all(root, "testsuite").map((each) => each.attributes.get("name"));
  expect(suites).toEqual(["proxmox-guest", "proxmox-console", "kubernetes", "run"]);
  const trial = named(root, "proxmox-guest", "001-proxmox-guest-1");
  expect(trial.attributes.get("time")).toMatch(/^15\d\.\d{3}$/u);
  expect(results(trial)).toEqual([]);
  const properties = all(trial, "property").map((each) => each.attributes.get("name"));
  expect(properties).toContain("detection_low_s");
});

test("junit.xml shows a censored trial as failure and a void one as error, never as green", () => {
  const root = read(fakeReport());
  expect(results(named(root, "kubernetes", "027-kubernetes-9"))).toEqual(["failure"]);
  const empty = named(root, "proxmox-guest", "019-proxmox-guest-7");
  expect(results(empty)).toEqual(["error"]);
  expect(all(empty, "error")[0]?.attributes.get("message")).toContain(
    "<script>alert(1)</script> &",
  );
});

test("junit.xml has a case for each rule: failed is a failure, undecided an error", () => {
  const root = read(fakeReport());
  expect(results(named(root, "kubernetes", "rule: lost == 0"))).toEqual(["failure"]);
  expect(results(named(root, "kubernetes", "rule: recovery.max <= 2m"))).toEqual(["error"]);
  expect(results(named(root, "proxmox-guest", "rule: lost == 0"))).toEqual([]);
});

test("junit.xml skips what was planned and did not take place, and says that the run has no end", () => {
  const root = read(emptyReport());
  expect(root.attributes.get("skipped")).toBe("30");
  expect(results(named(root, "kubernetes", "repetition 10"))).toEqual(["skipped"]);
  expect(results(named(root, "run", "the run ends with its clusters restored"))).toEqual(["error"]);
});

test("junit.xml counts what it holds, in every suite and in all", () => {
  const root = read(fakeReport());
  for (const element of [root, ...all(root, "testsuite")]) {
    const count = (name: string): string => String(all(element, name).length);
    expect(element.attributes.get("tests")).toBe(count("testcase"));
    expect(element.attributes.get("failures")).toBe(count("failure"));
    expect(element.attributes.get("errors")).toBe(count("error"));
    expect(element.attributes.get("skipped")).toBe(count("skipped"));
  }
});

test("junit.xml is well-formed XML 1.0 whatever the cluster says", () => {
  const cases = all(read(hostileReport()), "testcase");
  expect(
    cases.filter((each) => (each.attributes.get("name") ?? "").includes("<script>")),
  ).toHaveLength(34);
});
