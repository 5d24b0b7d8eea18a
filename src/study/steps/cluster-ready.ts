import { either } from "../../base/abort.ts";
import { describeError } from "../../base/errors.ts";
import { milliseconds, seconds } from "../../base/time.ts";
import type { ClusterHealth } from "../../model/cluster-facts.ts";
import { obstacles } from "../obstacles.ts";
import { TrialEnds } from "../trial-ends.ts";
import type { Trial } from "../trial.ts";

const LOOK_EVERY = seconds(2);

/** Waits until the cluster may bear a trial: quorum, spare capacity, HA on, nobody in maintenance, settled since the last one. */
export async function clusterReady({ parts, notes }: Trial, stop: AbortSignal): Promise<void> {
  const { clock, cluster, arm, overrides } = parts;
  const signal = either(stop, clock.timeout(milliseconds(arm.limits.ready_ms)));
  notes.step("waiting until the cluster is ready");
  let problems: readonly string[] = ["the cluster was not asked yet"];
  try {
    for (;;) {
      const health = await lookAt(parts.cluster.driver, signal);
      problems = health.kind === "seen" ? obstacles(health.health, overrides) : [health.error];
      if (health.kind === "seen" && problems.length === 0) {
        await notes.note({ kind: "cluster-ready", health: health.health });
        return;
      }
      notes.step(`waiting until the cluster is ready: ${problems[0] ?? ""}`);
      await clock.sleep(LOOK_EVERY, signal);
    }
  } catch (error) {
    if (stop.aborted || !signal.aborted) throw error;
    await notes.note({ kind: "cluster-not-ready", problems });
    throw new TrialEnds(
      "void",
      `cluster ${cluster.driver.name} did not get ready: ${problems.join("; ")}`,
    );
  }
}

type Look =
  | { readonly kind: "seen"; readonly health: ClusterHealth }
  | { readonly kind: "blind"; readonly error: string };

/** One look; an API that fails for a moment is a reason to look again, not the end. */
async function lookAt(
  driver: Trial["parts"]["cluster"]["driver"],
  signal: AbortSignal,
): Promise<Look> {
  try {
    return { kind: "seen", health: await driver.health(signal) };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "blind", error: describeError(error) };
  }
}
