import { present } from "../base/assert.ts";
import type { Arm } from "../model/experiment.ts";
import type { RunPlan } from "../model/plan.ts";
import type { ArmReport } from "../model/run-report.ts";
import { desktopInWords, faultInWords, momentInWords, placementInWords } from "./words.ts";

export type ArmAsked = Pick<
  ArmReport,
  "name" | "cluster" | "cluster_kind" | "fault" | "desktop" | "placement" | "moment" | "planned"
>;

/** What was to be done in an arm, in words. */
export function askedOf({ inventory, trials }: RunPlan, arm: Arm): ArmAsked {
  const cluster = present(
    inventory.clusters.find(({ name }) => name === arm.cluster),
    `cluster ${arm.cluster}`,
  );
  return {
    name: arm.name,
    cluster: arm.cluster,
    cluster_kind: cluster.kind,
    fault: faultInWords(arm.fault),
    desktop: desktopInWords(arm.desktop),
    placement: placementInWords(arm.placement),
    moment: momentInWords(arm.when),
    planned: trials.filter((trial) => trial.arm === arm.name).length,
  };
}
