import { resolve } from "node:path";
import { OperatingError } from "../../base/errors.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Predict } from "../../contracts/predict.ts";
import type { Judgement } from "../../live/live-event.ts";
import { SeededRandom } from "../../platform/seeded-random.ts";
import { SystemClock } from "../../platform/system-clock.ts";
import { SignalTrap } from "../../platform/signal-trap.ts";
import { createProbe } from "../../probe/create-probe.ts";
import type { ArmPreflight } from "../../study/preflight.ts";
import { hopeless } from "../../study/preflight.ts";
import { runExperiment } from "../../study/run-experiment.ts";
import { Spent, spentIn } from "../../study/spent.ts";
import { programsHere } from "../../faults/command/run-in-group.ts";
import { confirmKill, missingArming } from "../arming.ts";
import type { ExitCode } from "../exit-code.ts";
import { closingAfter } from "../closing.ts";
import type { FinishedRun } from "../judge-run.ts";
import { judgeRun } from "../judge-run.ts";
import { lastWords, OpenRun } from "../last-words.ts";
import { checkHooks, hooksHere } from "../hook-runner.ts";
import type { LoadedStudy, StudyOptions } from "../load.ts";
import { loadStudy } from "../load.ts";
import { predicting } from "../predicting.ts";
import { checkedClusters } from "../preflight.ts";
import { progressFor } from "../progress/for-run.ts";
import { pageServer, showOnPage } from "../show-on-page.ts";
import { manners, scrubber, secretsFor } from "../surroundings.ts";
import type { Resumed } from "../resume.ts";
import { assertSameClusters, openResumed, resumedClock } from "../resume.ts";
import { resumedStudy } from "../resumed-study.ts";
import { pictureFiles } from "../../store/picture-files.ts";
import { filesOf, newFiles } from "../run-files.ts";
import { showPlan } from "../show-plan.ts";
import type { Terminal } from "../terminal.ts";
import type { LoopbackServer } from "../web/loopback-server.ts";
import { isTerminal } from "../terminal.ts";
import type { Wired } from "../wire.ts";
import { ownerHere } from "../owner.ts";
import { clockFor, wire } from "../wire.ts";

export interface RunOptions extends StudyOptions {
  readonly output: string;
  readonly yesKill?: readonly string[];
  readonly quiet?: boolean;
  readonly log?: "lines" | "json";
  /** The port of its page; true: the usual one. */
  readonly ui?: number | true;
  /** A run folder: go on with it. */
  readonly resume?: string;
}

/** The whole study: check, confirm, run, judge, report. */
export async function run(
  file: string | undefined,
  options: RunOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const server = options.ui === undefined ? null : await pageServer(options.ui);
  // Also of a lab: on a screen that is drawn nobody writes for himself.
  if (terminal.bottom !== null) manners.teller ??= terminal;
  try {
    return await runStudy(file, options, { terminal, server });
  } finally {
    await server?.close();
  }
}

interface Audience {
  readonly terminal: Terminal;
  /** For the run's page; null: none is wanted. */
  readonly server: LoopbackServer | null;
}

async function runStudy(
  file: string | undefined,
  options: RunOptions,
  { terminal, server }: Audience,
): Promise<ExitCode> {
  const open = new OpenRun();
  const trap = new SignalTrap((signal) => leaveAtOnce(signal, open, terminal));
  const resumed = options.resume === undefined ? null : await openResumed(options.resume);
  const study = await studyFor(file, resumed, options, terminal);
  try {
    checkHooks(study.experiment, process.env);
    const missing = missingArming(study, options.yesKill ?? [], {
      // A log of JSON lines has no place for a question.
      canAsk: isTerminal(process.stdin) && terminal.log === undefined,
    });
    const plain = clockFor(study.experiment, study.inventory);
    const clock = resumed === null ? plain : resumedClock(resumed, plain);
    const random = new SeededRandom(study.experiment.seed);
    const secrets = secretsFor(terminal);
    const wired = await wire(study.experiment, study.inventory, { clock, random, secrets });
    try {
      if (missing.length > 0) {
        await showPlan(study, { wired, clock, random, secrets }, terminal);
        throw new OperatingError("unsafe", `nothing has been done, as ${missing.join("; ")}`);
      }
      refuseHopeless(await checkedClusters(study, wired, clock));
      await confirmKill(study, options.yesKill ?? [], { terminal, stop: trap.signal });
      const probe = createProbe({ clock, secrets });
      if (resumed !== null) await assertSameClusters(resumed, wired, trap.signal);
      const predict = predicting(study.inventory, study.lab?.spec ?? null);
      const world = { clock, random, probe, predict, wired, resumed };
      const finished = await runInFolder(study, options, world, {
        trap,
        terminal,
        server,
        open,
      });
      return await judgeRun(finished, terminal);
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
  readonly predict: Predict;
  readonly wired: Wired;
  readonly resumed: Resumed | null;
}

async function studyFor(
  file: string | undefined,
  resumed: Resumed | null,
  options: RunOptions,
  terminal: Terminal,
): Promise<LoadedStudy> {
  if ((file === undefined) === (resumed === null)) {
    throw new OperatingError("configuration", "name an experiment, or --resume <run>");
  }
  if (resumed === null) return await loadStudy(file ?? "", options);
  return await resumedStudy(resumed, options.inventory, (line) => {
    terminal.err(`${line}\n`);
  });
}

interface Surroundings extends Audience {
  readonly trap: SignalTrap;
  readonly open: OpenRun;
}

async function runInFolder(
  study: LoadedStudy,
  options: RunOptions,
  world: RunWorld,
  { trap, terminal, server, open }: Surroundings,
): Promise<FinishedRun> {
  const { clock, resumed } = world;
  const files =
    resumed === null
      ? await newFiles(study, options.output, world)
      : await filesOf(resumed, study, clock);
  const { folder, plan, journal, samples } = files;
  open.folder = folder.path;
  const view = progressFor(options, terminal, { clock, stop: trap.signal });
  const page = await showOnPage(server, view, {
    clock,
    probe: world.probe,
    journal,
    terminal,
    abort: () => {
      trap.interrupt("the page");
    },
  });
  const closed = await closingAfter([page, view, samples, journal], async () => {
    const parts = {
      ...world,
      ...world.wired,
      owner: ownerHere(),
      hookRunner: hooksHere({
        // A user's program takes the time it takes, whatever a lab's clock says.
        programs: programsHere(new SystemClock()),
        environment: process.env,
        scrubber,
        folder: resolve(folder.path),
      }),
      resumed: resumed !== null,
      spent: new Spent(clock, resumed === null ? undefined : spentIn(resumed.contents.records)),
      journal: open.hearing(journal),
      samples,
      views: world.probe,
      pictures: pictureFiles(folder.path),
      progress: view.progress,
    };
    return await runExperiment(plan, parts, trap.signal);
  });
  const judged = (judgement: Judgement): void => {
    view.judged(judgement);
    page.end();
  };
  return { folder, ending: closed.value, unsaved: closed.unsaved, stop: trap.signal, judged };
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

function leaveAtOnce(signal: string, open: OpenRun, terminal: Terminal): void {
  const { code, headline, lines } = lastWords(signal, open);
  const shown = lines.length === 0 ? headline : terminal.colours.red(headline);
  terminal.err(`\n${shown}\n${lines.map((line) => `  - ${line}\n`).join("")}`);
  process.exit(code);
}
