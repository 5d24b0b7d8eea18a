import { join } from "node:path";
import { OperatingError } from "../../base/errors.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Progress } from "../../contracts/progress.ts";
import type { RunPlan } from "../../model/plan.ts";
import { collectGarbage } from "../../platform/collect-garbage.ts";
import { SeededRandom } from "../../platform/seeded-random.ts";
import { SignalTrap } from "../../platform/signal-trap.ts";
import { createProbe } from "../../probe/create-probe.ts";
import { renderTable } from "../../reporters/terminal-table.ts";
import { FileJournal } from "../../store/file-journal.ts";
import { FileSampleSink } from "../../store/file-sample-sink.ts";
import { writePlan } from "../../store/plan-file.ts";
import type { RunFolder } from "../../store/run-folder.ts";
import { createRunFolder } from "../../store/run-folder.ts";
import { createRunId } from "../../store/run-id.ts";
import { planTrials } from "../../study/order.ts";
import type { ArmPreflight } from "../../study/preflight.ts";
import { hopeless } from "../../study/preflight.ts";
import { runExperiment } from "../../study/run-experiment.ts";
import { checkArming, confirmKill } from "../arming.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import type { LoadedStudy, StudyOptions } from "../load.ts";
import { loadStudy } from "../load.ts";
import { checkedClusters } from "../preflight.ts";
import { PendingUndo } from "../pending-undo.ts";
import { progressLines } from "../progress-lines.ts";
import { progressLive, STOPPING } from "../progress-live.ts";
import { secretsFor } from "../surroundings.ts";
import type { Terminal } from "../terminal.ts";
import { TrialLines } from "../trial-lines.ts";
import { exitCodeOfReport } from "../verdict-code.ts";
import { version } from "../version.ts";
import type { Wired } from "../wire.ts";
import { clockFor, wire } from "../wire.ts";
import { writeReport } from "../write-report.ts";

export interface RunOptions extends StudyOptions {
  readonly output: string;
  readonly yesKill?: readonly string[];
  readonly quiet?: boolean;
}

/** The whole study: check, confirm, run, judge, report. */
export async function run(
  file: string,
  options: RunOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const pending = new PendingUndo();
  const trap = new SignalTrap((signal) => leaveAtOnce(signal, pending, terminal));
  const study = await loadStudy(file, options);
  try {
    checkArming(study, options.yesKill ?? []);
    const clock = clockFor(study.experiment, study.inventory);
    const random = new SeededRandom(study.experiment.seed);
    const secrets = secretsFor(terminal);
    const wired = await wire(study.experiment, study.inventory, { clock, random, secrets });
    try {
      refuseHopeless(await checkedClusters(study, wired, clock));
      await confirmKill(study, options.yesKill ?? [], terminal);
      const probe = createProbe({ clock, secrets });
      const world = { clock, random, probe, wired };
      const folder = await runInFolder(study, options, world, { trap, terminal, pending });
      return await judge(folder, terminal);
    } finally {
      await wired.close();
    }
  } finally {
    await study.close();
    trap.close();
  }
}

interface RunWorld {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly probe: ReturnType<typeof createProbe>;
  readonly wired: Wired;
}

interface Surroundings {
  readonly trap: SignalTrap;
  readonly terminal: Terminal;
  readonly pending: PendingUndo;
}

async function runInFolder(
  study: LoadedStudy,
  options: RunOptions,
  world: RunWorld,
  { trap, terminal, pending }: Surroundings,
): Promise<RunFolder> {
  const { clock, random } = world;
  const now = new SeededRandom(Number(process.hrtime.bigint() % 0x1_0000_0000n));
  const plan: RunPlan = {
    format: 1,
    run: createRunId(clock.wall(), study.experiment.name, now),
    tool: version,
    experiment: study.experiment,
    inventory: study.inventory,
    lab: study.lab?.spec ?? null,
    trials: planTrials(study.experiment, random),
  };
  const folder = await createRunFolder(options.output, plan.run);
  await writePlan(folder.plan, plan);
  const journal = await FileJournal.create(folder.journal, clock);
  const samples = await FileSampleSink.create(folder.samples);
  const progress = progressFor(options, terminal, { clock, stop: trap.signal });
  try {
    const told = alsoTelling(progress.progress, pending);
    const parts = { ...world, ...world.wired, journal, samples, progress: told };
    await runExperiment(plan, parts, trap.signal);
  } finally {
    progress.close();
    await samples.close();
    await journal.close();
  }
  return folder;
}

async function judge(folder: RunFolder, terminal: Terminal): Promise<ExitCode> {
  const { report, complete } = await writeReport(folder, terminal);
  terminal.out(renderTable(report, { colours: terminal.outColours, width: terminal.width() }));
  terminal.out(`\nReport: ${join(folder.path, "report.html")}\n`);
  return complete ? exitCodeOfReport(report) : exitCode.internal;
}

function refuseHopeless(results: readonly ArmPreflight[]): void {
  for (const result of results.filter(hopeless)) {
    const reasons = result.candidates.flatMap(({ node, refusals }) =>
      refusals.map((each) => `${node}: ${each.guard}: ${each.saw}; needs ${each.needs}`),
    );
    throw new OperatingError(
      "unsafe",
      `arm ${result.arm.name}: no node may be killed. ${reasons.join(". ") || "No node fits its placement"}`,
    );
  }
}

function progressFor(
  options: RunOptions,
  terminal: Terminal,
  world: { readonly clock: Clock; readonly stop: AbortSignal },
): { readonly progress: Progress; readonly close: () => void } {
  const lines = new TrialLines();
  if (options.quiet === true) {
    return {
      progress: progressLines({ ...terminal, err: () => undefined }, lines),
      close: () => undefined,
    };
  }
  if (!terminal.live) {
    world.stop.addEventListener("abort", () => {
      terminal.err(`${STOPPING}\n`);
    });
    return { progress: progressLines(terminal, lines), close: () => undefined };
  }
  const live = progressLive(terminal, lines, world);
  return { progress: live, close: live.close };
}

const alsoTelling = (progress: Progress, pending: PendingUndo): Progress => ({
  ...progress,
  record: (record) => {
    pending.record(record);
    progress.record(record);
  },
  trialEnded: (trial) => {
    progress.trialEnded(trial);
    collectGarbage();
  },
});

/** The second Ctrl-C: the user wants out before everything is taken back. Says what is left to do. */
function leaveAtOnce(signal: string, pending: PendingUndo, terminal: Terminal): void {
  const left = pending.byHand();
  terminal.err(
    left.length === 0
      ? `\nLeft at once on a second ${signal}; nothing is left to take back.\n`
      : `\n${terminal.colours.red(`Left at once on a second ${signal}.`)} Left to do by hand:\n${left.map((each) => `  - ${each}\n`).join("")}`,
  );
  process.exit(left.length === 0 ? exitCode.interrupted : exitCode.notRestored);
}
