import type { ArmReport, RunReport } from "../model/run-report.ts";
import { durationMeasures } from "../model/experiment.ts";
import type { TrialResult } from "../model/trial-result.ts";
import type { Figures } from "./arm-figures.ts";
import { figuresOf, referenceFigures, shiftWords } from "./arm-figures.ts";
import { armRemarks } from "./arm-remarks.ts";
import { caveats } from "./caveats.ts";
import { contrastFigures } from "./contrast-words.ts";
import { NONE, measured } from "./format.ts";
import { explained, hypothesised } from "./markdown/explained.ts";
import { headline } from "./headline.ts";
import { howMeasured } from "./how-measured.ts";
import { escape, list, table } from "./markdown/parts.ts";
import { predictionWords } from "./prediction-words.ts";
import type { Reporter } from "./reporter.ts";
import { reloadingUser, spellRows, waitingUser } from "./what-users-see.ts";
import { measureMeaning, otherOutcomes, outcomeWords, verdictWord } from "./words.ts";

/** For a wiki or a merge request: the same facts as the HTML, without its pictures. */
export const reportMarkdown: Reporter = ({ report }) => {
  const blocks = [
    ...summary(report),
    "## Recovery, in seconds",
    armTable(report.arms),
    list(report.arms.flatMap(armRemarks).map(escape)),
    references(report.arms),
    ...report.comparisons.map(({ text }) => escape(text)),
    ...contrasts(report),
    "## Phases (median, in seconds)",
    measureTable(report.arms),
    "## What a user sees (median in seconds, and in how many recovered trials)",
    spellTable(report.arms),
    ...explained(report),
    ...hypothesised(report),
    "## Rules",
    rulesTable(report),
    "## Trials",
    trialTable(report.trials),
    "## How it was measured",
    list(howMeasured(report).map(({ what, value }) => `${escape(what)}: ${escape(value)}`)),
    ...closing(report),
  ];
  return [{ path: "report.md", content: `${blocks.filter(Boolean).join("\n\n")}\n` }];
};

const summary = (report: RunReport): readonly string[] => [
  `# ${escape(report.experiment.title)}`,
  `**${verdictWord[report.verdict.name]}**: ${escape(report.verdict.why)}`,
  escape(headline(report)),
  list(caveats(report).map((each) => `**Mind:** ${escape(each)}`)),
  escape(report.experiment.description),
];

const armTable = (arms: readonly ArmReport[]): string =>
  table(
    ["arm", "trials", "median ± sd", "mean", "min", "max", "p95", "95 % of median"],
    arms.flatMap((arm) => {
      const others = otherOutcomes(arm);
      const trials = `${arm.outcomes.recovered} of ${arm.planned}${others === "" ? "" : ` (${others})`}`;
      const measuredRow = [arm.name, trials, ...figureCells(figuresOf(arm, "recovery"))];
      const { reference } = arm;
      return reference === null
        ? [measuredRow]
        : [
            measuredRow,
            [reference.title, String(reference.n), ...figureCells(referenceFigures(reference))],
          ];
    }),
  );

const figureCells = (figures: Figures): readonly string[] => [
  figures.medianWithDeviation,
  figures.mean,
  figures.min,
  figures.max,
  figures.p95Label === null ? figures.p95 : `${figures.p95} (${figures.p95Label})`,
  figures.interval,
];

const references = (arms: readonly ArmReport[]): string =>
  list(
    arms.flatMap(({ name, reference }) =>
      reference === null
        ? []
        : [
            escape(
              `${name} against ${reference.title} (${reference.source}): median shifted by ${shiftWords(reference)}`,
            ),
          ],
    ),
  );

const contrasts = (report: RunReport): readonly string[] =>
  report.contrasts.length === 0
    ? []
    : [
        "## Arms against each other",
        table(
          [
            "arm",
            "against",
            "measure",
            "verdict",
            "shift",
            "95 %",
            "test",
            "Cliff's delta",
            "trials",
          ],
          report.contrasts.flatMap(({ arm, against, measures }) =>
            measures.map((each) => {
              const { verdict, shift, interval, test, cliffsDelta, trials } = contrastFigures(each);
              return [
                arm,
                against,
                each.measure,
                verdict,
                shift,
                interval,
                test,
                cliffsDelta,
                trials,
              ];
            }),
          ),
        ),
      ];

const measureTable = (arms: readonly ArmReport[]): string =>
  table(
    ["", ...arms.map(({ name }) => name), "meaning"],
    durationMeasures.map((measure) => [
      measure,
      ...arms.map((arm) => figuresOf(arm, measure).median),
      measureMeaning[measure],
    ]),
  );

function spellTable(arms: readonly ArmReport[]): string {
  const rows = spellRows(arms);
  return rows.length === 0
    ? "No outage was seen."
    : table(
        ["", ...arms.map(({ name }) => name), "meaning"],
        rows.map(({ kind, cells, meaning }) => [kind, ...cells, meaning]),
      );
}

const rulesTable = ({ verdict }: RunReport): string =>
  verdict.rules.length === 0
    ? "None."
    : table(
        ["rule", "arm", "verdict", "saw"],
        verdict.rules.map(({ text, arm, name, saw }) => [text, arm, verdictWord[name], saw]),
      );

const trialTable = (trials: readonly TrialResult[]): string =>
  table(
    [
      "trial",
      "outcome",
      "recovery",
      "predicted",
      "victim",
      "then on",
      "who reloads sees",
      "who does not",
      "notes",
    ],
    trials.map((trial) => [
      trial.trial,
      outcomeWords(trial.outcome),
      trial.durations_ms.recovery === null ? NONE : measured(trial.durations_ms.recovery),
      predictionWords(trial.prediction),
      trial.victim ?? NONE,
      trial.after?.node ?? NONE,
      reloadingUser(trial),
      waitingUser(trial.session),
      trial.notes.join("; "),
    ]),
  );

const closing = (report: RunReport): readonly string[] => [
  report.assumptions.length === 0 ? "" : "## Assumed, not measured and not fitted",
  report.assumptions.length === 0
    ? ""
    : table(
        ["cluster", "what", "value", "why"],
        report.assumptions.map(({ cluster, name, value, why }) => [cluster, name, value, why]),
      ),
  "## Clusters",
  list(
    report.clusters.map(({ name, identity }) =>
      escape(`${name}: ${identity.kind} ${identity.version}, identity ${identity.fingerprint}`),
    ),
  ),
  escape(`Run ${report.run}, blackout ${report.tool}, started ${report.started_wall ?? "never"}.`),
];
