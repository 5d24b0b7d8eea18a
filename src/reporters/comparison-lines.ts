import { plainText } from "../base/plain-text.ts";
import type { ArmSettings, ComparedArm, Comparison } from "../model/baseline.ts";
import type { Contrast, ContrastVerdict } from "../model/contrast.ts";
import { contrastSentence } from "./contrast-words.ts";
import { NONE } from "./format.ts";
import { wrap } from "./text-table.ts";

type Paint = (text: string) => string;

interface Colours {
  readonly bold: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly dim: Paint;
}

/** Two runs held against each other, for a terminal: what differs, by how much, and what speaks against the comparison. */
export function comparisonLines(
  comparison: Comparison,
  { colours, width }: { readonly colours: Colours; readonly width: number },
): string {
  const { run, against, arms, unmatched } = comparison;
  const warning = (text: string): readonly string[] =>
    wrap(`! ${text}`, width, "  ").map((line) => colours.yellow(line));
  const blocks = [
    [colours.bold(`${plainText(run)} against ${plainText(against)}`)],
    ...arms.map((arm) => [
      colours.bold(pairInWords(arm)),
      ...arm.measures.flatMap((contrast) => contrastLines(contrast, colours, width)),
      ...caveatsOn(arm).flatMap(warning),
    ]),
    unmatched.map(unmatchedWords).flatMap(warning),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

/** What speaks against comparing the two, of all arms. */
export const comparisonCaveats = ({ arms, unmatched }: Comparison): readonly string[] => [
  ...arms.flatMap((arm) => caveatsOn(arm).map((text) => `${pairInWords(arm)}: ${text}`)),
  ...unmatched.map(unmatchedWords),
];

const caveatsOn = (arm: ComparedArm): readonly string[] => [
  ...(Math.max(...arm.without_result) > 0 ? [withoutResultWords(arm)] : []),
  ...arm.unlike.map(unlikeWords),
];

const unmatchedWords = ({ arm, run }: Comparison["unmatched"][number]): string =>
  `not compared: ${plainText(arm)} of ${plainText(run)} has no counterpart`;

export const pairInWords = ({ arm, against }: ComparedArm): string =>
  arm === against ? plainText(arm) : `${plainText(arm)} against ${plainText(against)}`;

function contrastLines(contrast: Contrast, colours: Colours, width: number): readonly string[] {
  const [first = "", ...rest] = wrap(
    `${marks[contrast.verdict]} ${contrastSentence(contrast)}`,
    width,
    "  ",
  );
  const paint = { faster: colours.green, slower: colours.red, "no-evidence": colours.dim };
  return [paint[contrast.verdict](first), ...rest];
}

const marks: Readonly<Record<ContrastVerdict, string>> = {
  faster: "<",
  slower: ">",
  "no-evidence": "~",
};

const settingWords: Readonly<Record<keyof ArmSettings, string>> = {
  cluster: "another cluster",
  version: "another version of the cluster",
  fault: "another fault",
  desktop: "another desktop",
  placement: "another placement",
  probe: "another probe",
  speed: "another speed of the lab's clock",
  crm_master_killed: "the CRM master was killed in another share of the trials",
};

const withoutResultWords = ({ without_result: [own, other] }: ComparedArm): string =>
  `${own} of its trials say nothing (void, refused, interrupted or not started), against ${other}`;

const unlikeWords = ({ setting, own, other }: ComparedArm["unlike"][number]): string =>
  `${settingWords[setting]}: ${plainText(own ?? NONE)}, against ${plainText(other ?? NONE)}`;
