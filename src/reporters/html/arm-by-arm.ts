import type { ArmReport, RunReport } from "../../model/run-report.ts";
import { shiftWords } from "../arm-figures.ts";
import { fixed } from "../format.ts";
import type { Drawings } from "../plots/drawings.ts";
import { explanation } from "./explanation.ts";
import { figure } from "./figure.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";

/** Each arm by itself: what was done, its trials beside each other, and where their time went. */
export const armByArm = (
  { arms, trials }: RunReport,
  { ofArms }: Drawings,
): Markup => markup`<section aria-labelledby="arm-by-arm"><h2 id="arm-by-arm">Arm by arm</h2>
${arms.map((arm, index) => {
  const { timeline, age } = ofArms[index] ?? { timeline: null, age: null };
  return markup`<section aria-labelledby="arm-${index + 1}"><h3 id="arm-${index + 1}">${arm.name}</h3>
<p class="soft">${arm.fault}; ${arm.desktop}; ${arm.placement}; ${arm.moment}; cluster ${arm.cluster}</p>
${againstReference(arm)}
${timeline === null ? nothing : figure(timeline)}
${age === null ? nothing : figure(age)}
${explanation(
  arm,
  trials.filter((trial) => trial.arm === arm.name),
)}</section>
`;
})}</section>
`;

const againstReference = ({ reference }: ArmReport): Markup =>
  reference === null
    ? nothing
    : markup`<p class="soft">Against ${reference.title} (${reference.source}): median shifted by ${shiftWords(reference)}${reference.ecdf_distance === null ? "" : `, largest distance of the distributions ${fixed(reference.ecdf_distance, 2)}`}.</p>`;
