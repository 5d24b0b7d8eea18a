import { describeError } from "../base/errors.ts";
import { seconds } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { ClusterDriver } from "../contracts/cluster-driver.ts";

const LOOK_EVERY = seconds(2);

/** Waits until every node is a member again. Rejects with the signal's reason, after `missed` was told who is not. */
export async function membersAgain(
  { driver, clock }: { readonly driver: ClusterDriver; readonly clock: Clock },
  told: {
    readonly waiting: (problem: string) => void;
    readonly missed: (problems: readonly string[]) => Promise<void>;
  },
  signal: AbortSignal,
): Promise<void> {
  let problems: readonly string[] = [];
  try {
    for (;;) {
      problems = await missing(driver, signal);
      if (problems.length === 0) return;
      told.waiting(problems[0] ?? "");
      await clock.sleep(LOOK_EVERY, signal);
    }
  } catch (error) {
    await told.missed(problems);
    throw error;
  }
}

async function missing(driver: ClusterDriver, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const { nodes } = await driver.health(signal);
    return nodes.filter((node) => !node.online).map((node) => `${node.name} is not back`);
  } catch (error) {
    signal.throwIfAborted();
    return [describeError(error)];
  }
}
