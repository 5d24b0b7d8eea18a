import { expect } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { describeError } from "../../../src/base/errors.ts";
import { exactly } from "../../../src/base/interval.ts";
import { between, inSeconds, seconds } from "../../../src/base/time.ts";
import type { Duration } from "../../../src/base/time.ts";
import type { FaultProof, Strike } from "../../../src/contracts/fault.ts";
import { sshRun } from "../../../src/clients/ssh/ssh-run.ts";
import { createFault } from "../../../src/faults/create-fault.ts";
import type { NodeHealth } from "../../../src/model/cluster-facts.ts";
import type { FaultSpec } from "../../../src/model/fault-spec.ts";
import type { Refusal } from "../../../src/model/journal.ts";
import type { Place } from "./world.ts";
import { secrets } from "./world.ts";

/** Lab time that any one of these steps may take. */
const PATIENCE = seconds(900);
/** Between the two ends of a proof: what scaling the clock by 60 costs is in it. */
const WIDEST_PROOF_S = 60;

/** `shutdown poweroff ssh, freeze ssh`. */
export const named = (specs: readonly FaultSpec[]): string =>
  specs.map((spec) => Object.values(spec).join(" ").trim()).join(", ");

/**
 * Strikes, waits for the proof and, `after` it, heals; the node is a member then, and could be struck again.
 */
export async function strikeAndHeal(
  spec: FaultSpec,
  strike: Strike,
  place: Place,
  after: Duration = seconds(0),
): Promise<FaultProof> {
  const { clock } = place;
  const fault = createFault(spec, { ...place, secrets });
  const never = new AbortController().signal;
  try {
    expect(await fault.check(strike.victim, clock.timeout(PATIENCE))).toEqual([]);
    const requested = exactly(clock.now());
    await fault.inject(strike, clock.timeout(PATIENCE));
    const proof = await fault.confirm(strike, requested, clock.timeout(seconds(240)));
    expect(proof.gone.earliest).toBeGreaterThanOrEqual(requested.earliest);
    expect(inSeconds(between(proof.gone.earliest, proof.gone.latest))).toBeLessThan(WIDEST_PROOF_S);
    await clock.sleep(after, never);
    await fault.heal(strike.victim, clock.timeout(PATIENCE));
    await memberAgain(strike.victim, place);
    expect(await fault.check(strike.victim, never)).toEqual([]);
    return proof;
  } finally {
    await fault.close();
  }
}

/**
 * The one who strikes is gone half-way, and another one heals, who knows nothing but the fault and the node. Resolves with
 * what would keep the node, a member again, from being struck again.
 */
export async function strikeAndDie(
  spec: FaultSpec,
  strike: Strike,
  place: Place,
): Promise<readonly Refusal[]> {
  const { clock } = place;
  const dying = createFault(spec, { ...place, secrets });
  await dying.inject(strike, clock.timeout(PATIENCE));
  await dying.close();
  const fresh = createFault(spec, { ...place, secrets });
  try {
    await fresh.heal(strike.victim, clock.timeout(PATIENCE));
    await memberAgain(strike.victim, place);
    return await fresh.check(strike.victim, clock.timeout(PATIENCE));
  } finally {
    await fresh.close();
  }
}

/** Changes when the node boots. */
export async function bootIdOf(victim: string, { clock, cluster }: Place): Promise<string> {
  const node = cluster.nodes.find(({ name }) => name === victim);
  const ssh = present(node?.ssh ?? undefined, `SSH of ${victim}`);
  const command = "cat /proc/sys/kernel/random/boot_id";
  const end = await sshRun(ssh, command, { clock, secrets, signal: clock.timeout(PATIENCE) });
  return end.kind === "exited" ? end.stdout.trim() : end.kind;
}

/** As the cluster itself says, asked of whoever answers. */
async function memberAgain(victim: string, place: Place): Promise<NodeHealth> {
  const signal = place.clock.timeout(PATIENCE);
  for (let last = "nobody said a thing"; ;) {
    try {
      const { nodes } = await place.driver.health(signal);
      const node = nodes.find(({ name }) => name === victim);
      if (node?.online === true && !node.maintenance && node.schedulable) return node;
      last = JSON.stringify(node);
    } catch (error) {
      last = describeError(error);
    }
    if (signal.aborted) throw new Error(`${victim} does not become a member again: ${last}`);
    await place.clock.sleep(seconds(2), new AbortController().signal);
  }
}
