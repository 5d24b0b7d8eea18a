import type { TestProject } from "vitest/node";
import { isEverythingRequired } from "../support/requires.ts";
import { compileHarness } from "./compile.ts";
import { whyNoRealCluster } from "./requirements.ts";
import type { ClusterPlace } from "./start-real-cluster.ts";
import { startRealCluster } from "./start-real-cluster.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** One cluster for each worker of vitest, or why there is none. */
    realCluster:
      | { readonly kind: "up"; readonly places: readonly ClusterPlace[] }
      | { readonly kind: "missing"; readonly reason: string };
  }
}

/** Failovers are waited for: several clusters at once save time. */
export const CLUSTERS = 4;

/** The clusters for the whole project; what they leave behind is an error of the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const reason = whyNoRealCluster();
  if (reason !== null) {
    if (isEverythingRequired) throw new Error(`BLACKOUT_REQUIRE=all, but ${reason}`);
    process.stderr.write(`Skipped: ${reason}\n`);
    project.provide("realCluster", { kind: "missing", reason });
    return async () => undefined;
  }
  await compileHarness();
  const starts = await Promise.allSettled(
    Array.from({ length: CLUSTERS }, async () => await startRealCluster()),
  );
  const clusters = starts.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const stop = async (): Promise<void> => {
    const ends = await Promise.allSettled(clusters.map(async (cluster) => await cluster.stop()));
    const failure = [...starts, ...ends].find((each) => each.status === "rejected");
    if (failure === undefined) return;
    // Vitest reports an error of a teardown, and calls the run a success.
    process.exitCode = 1;
    throw failure.reason;
  };
  if (clusters.length < CLUSTERS) await stop();
  project.provide("realCluster", { kind: "up", places: clusters.map(({ place }) => place) });
  return stop;
}
