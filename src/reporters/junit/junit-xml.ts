import { DateTime } from "luxon";
import type { RunReport } from "../../model/run-report.ts";
import { caveats } from "../caveats.ts";
import { headline } from "../headline.ts";
import type { Reporter } from "../reporter.ts";
import { element, textElement } from "../xml.ts";
import { inSeconds, propertiesOf } from "./properties.ts";
import type { TestCase } from "./test-case.ts";
import { casesOf } from "./test-case.ts";

/**
 * For CI: the run is a suite, a trial a case that lasted as long as its recovery, a rule a case of its own. Jenkins' schema
 * takes it, and Ant's takes it too unless something was skipped, for which that has no word.
 */
export const junitXml: Reporter = ({ report }) => {
  const root = element("testsuites", {}, [suiteOf(report)]);
  return [{ path: "junit.xml", content: `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n` }];
};

function suiteOf(report: RunReport): string {
  const cases = casesOf(report);
  const { name } = report.experiment;
  const identity = { name, package: "blackout", id: 0, hostname: "localhost" };
  return element("testsuite", { ...identity, ...stampOf(report), ...totals(cases) }, [
    element(
      "properties",
      {},
      propertiesOf(report).map(([key, value]) => element("property", { name: key, value })),
    ),
    ...cases.map(writeCase),
    textElement("system-out", {}, headline(report)),
    textElement("system-err", {}, caveats(report).join(" ")),
  ]);
}

/** Ant's schema wants neither fraction nor zone; it is UTC. */
function stampOf({ started_wall }: RunReport): { readonly timestamp?: string } {
  const started = DateTime.fromISO(started_wall ?? "", { zone: "utc" });
  return started.isValid ? { timestamp: started.toFormat("yyyy-MM-dd'T'HH:mm:ss") } : {};
}

const writeCase = ({ classname, name, milliseconds, result }: TestCase): string =>
  element("testcase", { classname, name, time: inSeconds(milliseconds) }, [...written(result)]);

function written(result: TestCase["result"]): readonly string[] {
  switch (result.kind) {
    case "passed":
      return [];
    case "failure":
    case "error":
      return [element(result.kind, { message: result.message, type: result.type })];
    case "skipped":
      return [textElement("skipped", {}, result.message)];
  }
}

function totals(cases: readonly TestCase[]): Readonly<Record<string, string | number>> {
  const count = (kind: TestCase["result"]["kind"]): number =>
    cases.filter(({ result }) => result.kind === kind).length;
  const skipped = count("skipped");
  return {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    ...(skipped === 0 ? {} : { skipped }),
    time: inSeconds(cases.reduce((sum, each) => sum + each.milliseconds, 0)),
  };
}
