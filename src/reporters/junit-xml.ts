import { middleMs } from "../base/interval.ts";
import { durationMeasures } from "../model/experiment.ts";
import type { ArmReport, RuleVerdict, RunReport } from "../model/run-report.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { fixed } from "./format.ts";
import type { Reporter } from "./reporter.ts";
import { outcomeWords } from "./words.ts";
import { element } from "./xml.ts";

/**
 * For CI: an arm is a suite, a trial a case that lasted as long as its recovery, a rule a case of its own. What says
 * nothing (void, inconclusive) is an error and never green; what did not take place is skipped.
 */
export const junitXml: Reporter = ({ report }) => {
  const suites = [...report.arms.map((arm) => armSuite(arm, report)), runSuite(report)];
  const root = element(
    "testsuites",
    { name: report.experiment.name, ...totals(suites.flatMap(({ cases }) => cases)) },
    suites.map((suite) => writeSuite(suite, report)),
  );
  return [{ path: "junit.xml", content: `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n` }];
};

interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
  readonly properties: readonly Property[];
}

type Property = readonly [name: string, value: string];

interface TestCase {
  readonly name: string;
  readonly milliseconds: number;
  readonly result: Result;
  readonly properties: readonly Property[];
}

type Result =
  | { readonly kind: "passed" }
  | {
      readonly kind: "failure" | "error" | "skipped";
      readonly type: string;
      readonly message: string;
    };

const armSuite = (arm: ArmReport, { trials, verdict }: RunReport): Suite => {
  const own = trials.filter((trial) => trial.arm === arm.name);
  const seen = new Set(own.map(({ repetition }) => repetition));
  const planned = Array.from({ length: arm.planned }, (_, index) => index + 1);
  return {
    name: arm.name,
    cases: [
      ...own.map(trialCase),
      ...planned.filter((repetition) => !seen.has(repetition)).map(missingCase),
      ...verdict.rules.filter((rule) => rule.arm === arm.name).map(ruleCase),
    ],
    properties: [
      ["cluster", arm.cluster],
      ["fault", arm.fault],
      ["desktop", arm.desktop],
      ["placement", arm.placement],
      ["moment", arm.moment],
    ],
  };
};

/** Whether the run came to its end, and rules of no arm. */
const runSuite = ({ arms, end, end_detail, verdict }: RunReport): Suite => ({
  name: "run",
  cases: [
    {
      name: "the run ends with its clusters restored",
      milliseconds: 0,
      properties: [],
      result:
        end === "completed"
          ? { kind: "passed" }
          : { kind: "error", type: end ?? "unfinished", message: end_detail },
    },
    ...verdict.rules.filter((rule) => !arms.some(({ name }) => name === rule.arm)).map(ruleCase),
  ],
  properties: [],
});

const trialCase = (trial: TrialResult): TestCase => ({
  name: trial.trial,
  milliseconds: trial.durations_ms.recovery === null ? 0 : middleMs(trial.durations_ms.recovery),
  result: trialResult(trial),
  properties: [
    ["outcome", outcomeWords(trial.outcome)],
    ...durationMeasures.flatMap((measure) => {
      const range = trial.durations_ms[measure];
      if (range === null) return [];
      return [
        [`${measure}_s`, inSeconds(middleMs(range))] as const,
        [`${measure}_low_s`, inSeconds(range[0])] as const,
        [`${measure}_high_s`, inSeconds(range[1])] as const,
      ];
    }),
  ],
});

function trialResult({ outcome }: TrialResult): Result {
  const message = outcomeWords(outcome);
  switch (outcome.kind) {
    case "recovered":
    case "no-outage":
      return { kind: "passed" };
    case "censored":
      return { kind: "failure", type: outcome.kind, message };
    case "void":
      return { kind: "error", type: outcome.kind, message };
    case "refused":
    case "interrupted":
      return { kind: "skipped", type: outcome.kind, message };
  }
}

const missingCase = (repetition: number): TestCase => ({
  name: `repetition ${repetition}`,
  milliseconds: 0,
  result: { kind: "skipped", type: "missing", message: "planned, but it did not take place" },
  properties: [],
});

const ruleCase = (rule: RuleVerdict): TestCase => ({
  name: `rule: ${rule.text}`,
  milliseconds: 0,
  result: ruleResult(rule),
  properties: [["saw", rule.saw]],
});

function ruleResult({ name, saw }: RuleVerdict): Result {
  switch (name) {
    case "pass":
      return { kind: "passed" };
    case "fail":
      return { kind: "failure", type: "rule", message: saw };
    case "inconclusive":
      return { kind: "error", type: name, message: saw };
  }
}

const writeSuite = (suite: Suite, { experiment, started_wall }: RunReport): string =>
  element(
    "testsuite",
    {
      name: suite.name,
      ...totals(suite.cases),
      ...(started_wall === null ? {} : { timestamp: started_wall }),
    },
    [
      ...writeProperties(suite.properties),
      ...suite.cases.map((each) => writeCase(each, `${experiment.name}.${suite.name}`)),
    ],
  );

const writeCase = (
  { name, milliseconds, result, properties }: TestCase,
  classname: string,
): string =>
  element("testcase", { classname, name, time: inSeconds(milliseconds) }, [
    ...writeProperties(properties),
    ...writeResult(result),
  ]);

function writeResult(result: Result): readonly string[] {
  if (result.kind === "passed") return [];
  // The schema that most readers know gives a skipped case a message but no type.
  const type = result.kind === "skipped" ? {} : { type: result.type };
  return [element(result.kind, { message: result.message, ...type })];
}

const writeProperties = (properties: readonly Property[]): readonly string[] =>
  properties.length === 0
    ? []
    : [
        element(
          "properties",
          {},
          properties.map(([name, value]) => element("property", { name, value })),
        ),
      ];

const totals = (cases: readonly TestCase[]): Readonly<Record<string, string | number>> => {
  const count = (kind: Result["kind"]): number =>
    cases.filter(({ result }) => result.kind === kind).length;
  return {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: inSeconds(cases.reduce((sum, each) => sum + each.milliseconds, 0)),
  };
};

const inSeconds = (ms: number): string => fixed(ms / 1000, 3);
