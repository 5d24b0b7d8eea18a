import { OperatingError } from "../base/errors.ts";

/** What `run --resume` takes: how to reach the clusters, the leave to kill, and how much is said. */
const TAKEN: readonly string[] = [
  "--resume",
  "--inventory",
  "--yes-kill",
  "--quiet",
  "--log",
  "--ui",
];

/** Rejects options that would be passed over: what a run that goes on has to do was settled when it began. */
export function refuseWithResume(given: readonly string[]): void {
  const refused = given.filter((option) => !TAKEN.includes(option));
  if (refused.length === 0) return;
  throw new OperatingError(
    "configuration",
    `--resume does not take ${refused.join(", ")}: a run goes on with what it was asked to do when it began (its plan.json). Leave them out, or start a new run`,
  );
}
