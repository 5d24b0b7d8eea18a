import type { ProxmoxSettings } from "../../src/model/proxmox-settings.ts";
import { Scenario } from "../twin/proxmox/scenario.ts";
import type { Range } from "./measure.ts";

const RUNS = 100;

/**
 * Seconds from a kill to the next membership in the twin, earliest and latest of runs in which the last message before
 * it was as old as `age` says. Runs in which the twin's own HA services sent a message meanwhile do not count.
 */
export function twinChanges(
  { token_ms, token_coefficient_ms }: Pick<ProxmoxSettings, "token_ms" | "token_coefficient_ms">,
  age: Range,
): Range {
  const changes: number[] = [];
  for (let seed = 1; seed <= RUNS; seed++) {
    const scenario = new Scenario(seed, { settings: { token_ms, token_coefficient_ms } });
    scenario.wait(20 + 10 * scenario.random.next());
    const events = scenario.events.length;
    scenario.twin.write(
      "pve1",
      () => null,
      () => undefined,
    );
    scenario.wait(age.low + ((age.high - age.low) * (seed - 1)) / (RUNS - 1));
    if (scenario.events.length > events) continue;
    const kill = scenario.now;
    scenario.twin.powerOff("pve3");
    scenario.wait(15);
    changes.push((scenario.times("membership", kill)[0] ?? Number.NaN) - kill);
  }
  return { low: Math.min(...changes), high: Math.max(...changes) };
}
