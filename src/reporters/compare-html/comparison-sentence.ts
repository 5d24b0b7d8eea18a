import type { ComparedArm, Comparison } from "../../model/baseline.ts";
import type { Contrast, ContrastVerdict } from "../../model/contrast.ts";
import type { DurationMeasure } from "../../model/experiment.ts";
import { contrastFigures } from "../contrast-words.ts";
import { NONE } from "../format.ts";

const ORDER: readonly ContrastVerdict[] = ["slower", "faster", "no-evidence"];

/** A sentence for each measure: `Recovery is slower on kubernetes (+12.3 s), with no evidence of a difference on proxmox-guest.` */
export function comparisonSentences({ arms }: Comparison): readonly string[] {
  const measures = new Set(arms.flatMap((arm) => arm.measures.map(({ measure }) => measure)));
  return [...measures].map((measure) => sentenceOf(measure, arms));
}

function sentenceOf(measure: DurationMeasure, arms: readonly ComparedArm[]): string {
  const parts = ORDER.flatMap((verdict) => {
    const alike = arms.flatMap((arm) =>
      arm.measures
        .filter((each) => each.measure === measure && each.verdict === verdict)
        .map((each) => placeOf(arm, each)),
    );
    return alike.length === 0 ? [] : [`${verdictWords[verdict]} ${enumerate(alike)}`];
  });
  return `${measure.charAt(0).toUpperCase()}${measure.slice(1)} ${parts.join("; ")}.`;
}

const verdictWords: Readonly<Record<ContrastVerdict, string>> = {
  slower: "is slower on",
  faster: "is faster on",
  "no-evidence": "shows no evidence of a difference on",
};

function placeOf({ arm, against }: ComparedArm, contrast: Contrast): string {
  const name = arm === against ? arm : `${arm} (against ${against})`;
  if (contrast.verdict === "no-evidence") return name;
  const { shift, interval } = contrastFigures(contrast);
  return `${name} (${shift === NONE ? interval : shift})`;
}

const enumerate = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
