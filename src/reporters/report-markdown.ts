import type { ArmReport, RunReport } from "../model/run-report.ts";
import { durationMeasures } from "../model/experiment.ts";
import type { TrialResult } from "../model/trial-result.ts";
import type { Figures } from "./arm-figures.ts";
import { figuresOf, referenceFigures, shiftWords } from "./arm-figures.ts";
import { caveats } from "./caveats.ts";
import { NONE, measured } from "./format.ts";
import { headline } from "./headline.ts";
import { howMeasured } from "./how-measured.ts";
import { plainText } from "../base/plain-text.ts";
import { predictionWords } from "./prediction-words.ts";
import type { Reporter } from "./reporter.ts";
import { measureMeaning, otherOutcomes, outcomeWords, verdictWord } from "./words.ts";

/** For a wiki or a merge request: the same facts as the HTML, without its pictures. */
export const reportMarkdown: Reporter = (report) => {
  const blocks = [
    ...summary(report),
    "## Recovery, in seconds",
    armTable(report.arms),
    references(report.arms),
    ...report.comparisons.map(({ text }) => escape(text)),
    "## Phases (median, in seconds)",
    measureTable(report.arms),
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

const measureTable = (arms: readonly ArmReport[]): string =>
  table(
    ["", ...arms.map(({ name }) => name), "meaning"],
    durationMeasures.map((measure) => [
      measure,
      ...arms.map((arm) => figuresOf(arm, measure).median),
      measureMeaning[measure],
    ]),
  );

const rulesTable = ({ verdict }: RunReport): string =>
  verdict.rules.length === 0
    ? "None."
    : table(
        ["rule", "arm", "verdict", "saw"],
        verdict.rules.map(({ text, arm, name, saw }) => [text, arm, verdictWord[name], saw]),
      );

const trialTable = (trials: readonly TrialResult[]): string =>
  table(
    ["trial", "outcome", "recovery", "predicted", "victim", "then on", "notes"],
    trials.map((trial) => [
      trial.trial,
      outcomeWords(trial.outcome),
      trial.durations_ms.recovery === null ? NONE : measured(trial.durations_ms.recovery),
      predictionWords(trial.prediction),
      trial.victim ?? NONE,
      trial.after?.node ?? NONE,
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

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head.map(escape), head.map(() => "---"), ...rows.map((row) => row.map(escape))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

/**
 * Foreign text shows as it is: no markup, no block or table cell of its own, no link, no template or formula of those who
 * render it, nobody is mentioned.
 */
const escape = (text: string): string =>
  plainText(text)
    .replace(/[\\`*_[\]<>|#~&@${}^!]/gu, String.raw`\$&`)
    .replace(/^(?:[-+](?=[-+\s]|$)|=)/u, String.raw`\$&`)
    .replace(/^(\d+)([.)])(?=\s|$)/u, String.raw`$1\$2`)
    .replaceAll("://", String.raw`\://`)
    .replace(/(?<=www)\.|(?<=mailto|xmpp):/giu, String.raw`\$&`);
