import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { JournalEvent } from "../../../src/model/journal.ts";
import type { LabCluster } from "../../../src/model/lab.ts";
import { labSpec, root, startTestLab } from "../lab-child.ts";
import type { Lab } from "../lab-study.ts";
import { oneTrial } from "../one-trial.ts";
import type { Finished } from "../run-cli.ts";
import { startCli } from "../run-cli.ts";

/** A record of the journal: its number, or the first of a kind. */
type AtRecord = number | JournalEvent["kind"];

export type ClusterKind = keyof typeof oneTrial;

/** One trial on a machine that may be busy with other tests: what is not killed must come to its end. */
export const patientTrial = (kind: ClusterKind): string =>
  oneTrial[kind]("limits: { ready: 30m, steady: 30m, heal: 60m }");

/** What befalls the tool. */
export type Break =
  | { readonly kind: "kill"; readonly at: AtRecord; readonly written: "none" | "half" | "all" }
  /** Some milliseconds of real time after that record. */
  | { readonly kind: "kill-later"; readonly at: AtRecord; readonly later_ms: number }
  | { readonly kind: "signal"; readonly at: AtRecord; readonly signal: "SIGINT" | "SIGTERM" }
  /** From that record on, which is not written. */
  | { readonly kind: "full"; readonly at: AtRecord }
  | { readonly kind: "read-only"; readonly folder: string }
  /** Killed when the lab has made a change, its number or a part of its title, before the tool is told. */
  | { readonly kind: "kill-from-lab"; readonly at: number | string };

/** A lab that can kill the tool. */
export interface DeadlyLab {
  readonly lab: Lab;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

export interface Broken {
  readonly finished: Finished;
  /** Whether it was ended by SIGKILL. */
  readonly killed: boolean;
  /** Of the run; null: it had made none. */
  readonly folder: string | null;
  /** The changes that it asked the lab for, as far as the lab was to kill it. */
  readonly changes: readonly string[];
}

/** A hung tool is ended, so that a test says what it wrote instead of timing out silently. Real time. */
const LONGEST_RUN_MS = 120_000;

export async function startDeadlyLab(
  kind: ClusterKind,
  bmc: LabCluster["bmc"] = "ipmi",
): Promise<DeadlyLab> {
  const folder = await mkdtemp(join(tmpdir(), "blackout-kills-"));
  const before = { ...process.env };
  const spec = await labSpec((whole) => ({
    ...whole,
    clusters: whole.clusters
      .filter((cluster) => cluster.kind === kind)
      .map((cluster) => ({ ...cluster, bmc })),
  }));
  // A lab's environment holds no more than it needs: the folder is in the module's own name.
  const killer = pathToFileURL(preload("kill-from-lab"));
  killer.searchParams.set("folder", folder);
  process.env["NODE_OPTIONS"] = `${before["NODE_OPTIONS"] ?? ""} --import=${killer.href}`;
  try {
    const lab = await startTestLab(spec);
    const stop = async (): Promise<void> => {
      await lab.stop();
      await rm(folder, { recursive: true, force: true });
    };
    return { lab, folder, stop };
  } finally {
    process.env["NODE_OPTIONS"] = before["NODE_OPTIONS"] ?? "";
  }
}

/** Runs an experiment into the folder `reports`, and breaks the tool on the way. */
export async function brokenRun(
  { lab, folder }: DeadlyLab,
  experiment: string,
  reports: string,
  what: Break | null,
): Promise<Broken> {
  const file = join(folder, "experiment.yaml");
  await writeFile(file, experiment);
  await rm(join(folder, "changes"), { force: true });
  const args = ["run", file, "-i", lab.inventoryPath, "-o", reports];
  const known = new Set(await readdir(reports).catch(() => []));
  const { child, finished } = startCli(args, breaking(what));
  const limit = setTimeout(() => child.kill("SIGKILL"), LONGEST_RUN_MS);
  try {
    if (what?.kind === "kill-from-lab") {
      await writeFile(join(folder, "wish"), JSON.stringify({ pid: child.pid, at: what.at }));
    }
    const end = await finished;
    const runs = (await readdir(reports).catch(() => [])).filter((run) => !known.has(run));
    const changes = await readFile(join(folder, "changes"), "utf8").catch(() => "");
    return {
      finished: end,
      killed: child.signalCode === "SIGKILL",
      folder: runs[0] === undefined ? null : join(reports, runs[0]),
      changes: changes.split("\n").slice(0, -1),
    };
  } finally {
    clearTimeout(limit);
    await rm(join(folder, "wish"), { force: true });
  }
}

/** The environment that breaks a tool so. */
export const breaking = (what: Break | null): Readonly<Record<string, string>> =>
  what === null || what.kind === "kill-from-lab"
    ? {}
    : {
        NODE_OPTIONS: `--import=${preload("break-tool")}`,
        BLACKOUT_BREAK: JSON.stringify(what),
      };

const preload = (name: string): string => join(root, "test/support/crash", `${name}.mjs`);
