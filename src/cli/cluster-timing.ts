import { asPlayed, statedTiming } from "../analysis/prediction/stated-timing.ts";
import { present } from "../base/assert.ts";
import { describeError } from "../base/errors.ts";
import { plainText } from "../base/plain-text.ts";
import type { ParsedInventory } from "../config/inventory/parse-inventory.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { Timing } from "../model/survey.ts";
import type { SeededRandom } from "../platform/seeded-random.ts";
import type { LoadedStudy } from "./load.ts";
import { openSurvey } from "./open-survey.ts";
import { clusterNamed } from "./wire.ts";

interface Asking {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly secrets: Secrets;
}

/** What decides how long its failovers take, as the cluster says it; or why that cannot be known, in words. */
export async function askedTiming(
  name: string,
  study: Pick<LoadedStudy, "inventory" | "lab">,
  world: Asking,
): Promise<Timing | string> {
  try {
    const survey = await openSurvey(clusterNamed(study.inventory, name), world);
    try {
      const { reached, timing } = await survey.survey();
      if (!reached) return "its API does not answer";
      return asPlayed(name, timing, study.lab?.spec ?? null);
    } finally {
      await survey.close();
    }
  } catch (error) {
    return plainText(describeError(error));
  }
}

/** The same as the inventory states it, and else by default. Asks nobody. */
export function offlineTiming(name: string, target: ParsedInventory): Timing {
  if (target.kind === "inventory") return statedTiming(clusterNamed(target.inventory, name), null);
  const cluster = present(
    target.lab.clusters.find((each) => each.name === name),
    `cluster ${name}`,
  );
  return cluster.kind === "proxmox"
    ? { kind: "proxmox", settings: cluster.settings }
    : { kind: "kubernetes", settings: cluster.settings };
}
