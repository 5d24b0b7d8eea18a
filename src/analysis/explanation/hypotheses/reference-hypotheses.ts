import type { Arm, Experiment, Reference } from "../../../model/experiment.ts";
import type { RankedHypothesis, ReferenceHypotheses } from "../../../model/hypothesis.ts";
import { killsTheMachine } from "../../fault-nature.ts";
import { inWords } from "./in-words.ts";
import { kubernetesHypotheses } from "./kubernetes-hypotheses.ts";
import { kubernetesTelling } from "./kubernetes-telling.ts";
import { proxmoxHypotheses } from "./proxmox-hypotheses.ts";
import { proxmoxTelling } from "./proxmox-telling.ts";
import { rankHypotheses } from "./rank-hypotheses.ts";

/** For each set of recoveries measured elsewhere after the loss of a machine: what is most consistent with them. */
export function referenceHypotheses({
  references,
  arms,
  seed,
}: Experiment): readonly ReferenceHypotheses[] {
  const sets = new Map<string, ReferenceHypotheses>();
  for (const reference of references) {
    const { title, source, measure, values_ms } = reference;
    const arm = arms.find(({ name }) => name === reference.arm);
    if (arm === undefined || measure !== "recovery" || !killsTheMachine(arm.fault)) continue;
    const key = JSON.stringify([title, source, values_ms, arm.desktop.kind]);
    if (!sets.has(key)) sets.set(key, hypothesesOf(reference, arm, seed));
  }
  return [...sets.values()];
}

function hypothesesOf(
  { title, source, values_ms }: Reference,
  { desktop }: Arm,
  seed: number,
): ReferenceHypotheses {
  const tolerance_ms = resolutionOf(values_ms);
  const rank = (unlike_ms: number): readonly RankedHypothesis[] =>
    rankHypotheses(
      desktop.kind === "proxmox"
        ? proxmoxHypotheses(seed, unlike_ms)
        : kubernetesHypotheses(desktop.toleration_s, seed, unlike_ms),
      values_ms,
      tolerance_ms,
    );
  const telling =
    desktop.kind === "proxmox" ? proxmoxTelling : kubernetesTelling(desktop.toleration_s);
  const ranked = rank(UNLIKE_MS);
  const findings = { ranked, ifAlike: rank(0), values_ms, tolerance_ms, unlike_ms: UNLIKE_MS };
  return { title, source, ranked, ...inWords(findings, telling) };
}

/** How far the start and the reading of a trial differ from the next, at most, either way. Assumed. */
const UNLIKE_MS = 2000;

/** The coarsest step that all values are multiples of: they are not known to better than that. */
const resolutionOf = (values_ms: readonly number[]): number =>
  [1000, 500, 100, 10].find((step) => values_ms.every((value) => value % step === 0)) ?? 1;
