import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { RunningLab } from "../lab/world/start-lab.ts";
import type { LabSpec } from "../model/lab.ts";
import { ScaledClock } from "../platform/scaled-clock.ts";
import { SeededRandom } from "../platform/seeded-random.ts";
import { makeFolder } from "../store/durable.ts";
import { newLabOrigin } from "./lab-origin.ts";

/** Starts a lab in this process. Its folder holds its inventory, its CA and its keys. */
export async function hostLab(spec: LabSpec, directory: string): Promise<RunningLab> {
  const { startLab } = await import("../lab/world/start-lab.ts");
  await makeFolder(resolve(directory));
  const origin = newLabOrigin(spec.speed);
  return await startLab(spec, {
    clock: new ScaledClock(origin),
    origin,
    random: new SeededRandom(spec.seed),
    directory,
  });
}

/** A new folder for a lab, readable by its owner only, and how it is removed. */
export async function temporaryLabDirectory(): Promise<{
  readonly path: string;
  readonly remove: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), "blackout-lab-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
