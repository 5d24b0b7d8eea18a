import { Command, Option } from "commander";
import { addPredict } from "./add-predict.ts";
import type { CheckOptions } from "./commands/check.ts";
import type { LabSelftestOptions } from "./commands/lab-selftest.ts";
import type { LabUpOptions } from "./commands/lab-up.ts";
import type { PlanOptions } from "./commands/plan.ts";
import type { RestoreOptions } from "./commands/restore.ts";
import type { RunOptions } from "./commands/run.ts";
import type { ExitCode } from "./exit-code.ts";
import { logged } from "./live/json-log.ts";
import { addComparing } from "./program-compare.ts";
import { addHistory } from "./program-history.ts";
import { addServe, uiOption } from "./program-web.ts";
import { positive, wholeNumber } from "./numbers.ts";
import { refuseWithResume } from "./resume-options.ts";
import { manners } from "./surroundings.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/**
 * The command line. Commands load their parts when they run, so that `--help` stays quick. A command returns its exit
 * code; what it throws becomes one by `exitCodeOf`.
 */
export function createProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command("blackout")
    .description(
      "High-availability failover chaos tester for Proxmox VE and Kubernetes: pulls the plug on a node and times how long the desktop on it is gone.",
    )
    .version(version, "-V, --version")
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text);
      },
      writeErr: (text) => {
        terminal.err(text);
      },
    })
    .option("--strict", "refuse secret files and inventories that others may read or write")
    .hook("preAction", (command) => {
      manners.strict = command.opts<{ readonly strict?: boolean }>().strict === true;
    })
    .exitOverride()
    .showHelpAfterError("(add --help for what is allowed)")
    .addHelpText("after", examples);
  addRun(program, terminal, finish);
  addCheck(program, terminal, finish);
  addPlan(program, terminal, finish);
  addPredict(program, terminal, finish);
  addRestore(program, terminal, finish);
  addHistory(program, terminal, finish);
  addComparing(program, terminal, finish);
  addServe(program, terminal, finish);
  addLab(program, terminal, finish);
  addSchema(program, terminal, finish);
  return program;
}

const override = [
  "--override <guard>",
  "go on although this guard refuses, and say so in every report (may be given again)",
  (guard: string, earlier: readonly string[] = []): readonly string[] => [...earlier, guard],
] as const;

type Add = (program: Command, terminal: Terminal, finish: (code: ExitCode) => void) => void;

const examples = `
Examples:
  blackout run experiments/thesis-failover.yaml          the whole study on the embedded lab: needs nothing else
  blackout plan experiments/pve-power-loss.yaml -i inventories/my-cluster.yaml
                                                          what would be done to whom; touches nothing
  blackout predict experiments/thesis-failover.yaml --set tolerationSeconds=30
                                                          how long it will take, and what a setting would change
  blackout check inventories/my-cluster.yaml              is that cluster ready for it; touches nothing
  blackout restore --all                                  takes back what runs that did not end left behind
  blackout lab up                                         a lab to try things on, with curl, kubectl, ssh, ipmitool
  blackout list                                           the runs so far
  blackout report reports/<run>                           judges an old run again from its journal
  blackout compare reports/<run> baseline.json            is it slower than before, by how much, how sure is that

Exit codes: 0 pass, 1 acceptance failed, 2 usage or configuration, 3 inconclusive, 4 refused as unsafe,
5 cluster not restored, 70 internal error, 130 interrupted (and restored).`;

const addRun: Add = (program, terminal, finish) => {
  program
    .command("run")
    .description("run an experiment: deploy, kill, measure, heal, repeat, report")
    .argument("[experiment]", "experiment file (YAML)")
    .option("--resume <run>", "go on with an interrupted run: the trials that are missing")
    .option("-i, --inventory <file>", "inventory file; default: the one the experiment names")
    .option("-o, --output <folder>", "where run folders are made", "reports")
    .option("--trials <n>", "trials of each arm, instead of the experiment's", wholeNumber)
    .option("--arm <name...>", "only these arms")
    .option("--cluster <name>", "run the arms of its kind on this cluster of the inventory instead")
    .option("--seed <n>", "instead of the experiment's", wholeNumber)
    .option("--speed <n>", "lab seconds in one real second, for an embedded lab", positive)
    .option("--yes-kill <cluster...>", "kill nodes of these clusters without asking for their name")
    .option(...override)
    .option("-q, --quiet", "only the result")
    .addOption(
      new Option("--log <form>", "tell how it goes in lines, also on a terminal; or in JSON lines")
        .choices(["lines", "json"])
        .conflicts("quiet"),
    )
    .option(...uiOption)
    .addHelpText(
      "after",
      `
Examples:
  blackout run experiments/thesis-failover.yaml
  blackout run experiments/thesis-failover.yaml --arm kubernetes --trials 3
  blackout run experiments/pve-power-loss.yaml -i inventories/prod.yaml --cluster prod-pve --yes-kill prod-pve
  blackout run experiments/thesis-failover.yaml --log json 2> run.ndjson
  blackout run --resume reports/2026-11-22T13-37-00Z-thesis-failover-a1b2

--resume takes --inventory (default: the file that the run had, as it is now), --yes-kill, --quiet, --log and --ui.`,
    )
    .action(async (experiment: string | undefined, options: RunOptions, command: Command) => {
      if (options.resume !== undefined) refuseWithResume(givenOptions(command));
      const { run } = await import("./commands/run.ts");
      finish(await logged(options, terminal, async (told) => await run(experiment, options, told)));
    });
};

/** Those that stand on the command line: `--trials`, `--inventory`. */
const givenOptions = (command: Command): readonly string[] =>
  command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === "cli")
    .map((option) => option.long ?? option.flags);

const addCheck: Add = (program, terminal, finish) => {
  program
    .command("check")
    .description(
      "ask clusters, nodes and BMCs all that can be known without touching anything: is a run allowed, what is to be pinned, how long will a failover take",
    )
    .argument("<inventory>", "inventory file (YAML)")
    .option("-c, --cluster <name...>", "only these clusters")
    .option("--json", "findings for machines, instead of lines")
    .option("--speed <n>", "lab seconds in one real second, for an embedded lab", positive)
    .addHelpText(
      "after",
      `
Examples:
  blackout check inventories/lab.yaml
  blackout check inventories/prod.yaml --cluster office-pve
  blackout check inventories/prod.yaml --json | jq '.clusters[].findings[] | select(.level == "problem")'

Marks: ok, ! worth knowing, x a problem. What is not pinned yet is printed ready to paste, with how to make sure of it.
Exit codes: 0 a run would be allowed, 2 the inventory or the way to the API is wrong, 4 a run would be refused as unsafe.`,
    )
    .action(async (inventory: string, options: CheckOptions) => {
      const { check } = await import("./commands/check.ts");
      finish(await check(inventory, options, terminal));
    });
};

const addPlan: Add = (program, terminal, finish) => {
  program
    .command("plan")
    .description("show what a run would do to whom, and what would be refused; touches nothing")
    .argument("<experiment>", "experiment file (YAML)")
    .option("-i, --inventory <file>", "inventory file; default: the one the experiment names")
    .option("--arm <name...>", "only these arms")
    .option("--cluster <name>", "run the arms of its kind on this cluster of the inventory instead")
    .option("--trials <n>", "trials of each arm, instead of the experiment's", wholeNumber)
    .option("--seed <n>", "instead of the experiment's", wholeNumber)
    .option("--speed <n>", "lab seconds in one real second, for an embedded lab", positive)
    .option(...override)
    .option(
      "--within <time>",
      "how sure the median is to be: as many trials are advised; default: 2s",
    )
    .option("--like <run>", "advise by how the trials of this run spread, instead of the twin's")
    .addHelpText(
      "after",
      "\nExamples:\n  blackout plan experiments/thesis-failover.yaml\n  blackout plan experiments/pve-power-loss.yaml --within 1s --like reports/<run>",
    )
    .action(async (experiment: string, options: PlanOptions) => {
      const { plan } = await import("./commands/plan.ts");
      finish(await plan(experiment, options, terminal));
    });
};

const addRestore: Add = (program, terminal, finish) => {
  program
    .command("restore")
    .description(
      "take back what a run that did not end left behind: nodes that are off, desktops, HA resources, taints, locks. Safe to repeat",
    )
    .argument("[run]", "run folder, or its name below the reports")
    .option("--all", "every run below the reports that left something")
    .option("--cluster <name>", "by the cluster's own lock, where the run's folder is lost")
    .option("-i, --inventory <file>", "how to reach the clusters; default: as the run knew it")
    .option("-o, --output <folder>", "where run folders are", "reports")
    .option("--now", "do not watch whether the run is alive: you know that it is dead")
    .addHelpText(
      "after",
      `
Examples:
  blackout restore reports/2026-11-22T13-37-00Z-thesis-failover-a1b2
  blackout restore --all
  blackout restore --cluster office-pve -i inventories/prod.yaml

Only what bears the run's mark is removed. Exit codes: 0 all is taken back, 4 the run is alive, 5 something is left.`,
    )
    .action(async (run: string | undefined, options: RestoreOptions) => {
      const { restore } = await import("./commands/restore.ts");
      finish(await restore(run, options, terminal));
    });
};

const addLab: Add = (program, terminal, finish) => {
  const lab = program
    .command("lab")
    .description("clusters to try things on: real protocols on loopback, played by the twin")
    .addHelpText("after", "\nExample:\n  blackout lab up --speed 1");
  lab
    .command("up")
    .description("start a lab, print how to reach it, and keep it running until Ctrl-C")
    .option("-i, --inventory <file>", "inventory with a lab section", "inventories/lab.yaml")
    .option("--speed <n>", "lab seconds in one real second", positive)
    .option("--directory <folder>", "where its inventory, CA and keys are written")
    .addHelpText(
      "after",
      "\nExamples:\n  blackout lab up --speed 1\n  blackout lab up --directory /tmp/lab",
    )
    .action(async (options: LabUpOptions) => {
      const { labUp } = await import("./commands/lab-up.ts");
      finish(await labUp(options, terminal));
    });
  lab
    .command("selftest")
    .description(
      "count false failures of the probe on healthy desktops, and find the speed that shows none",
    )
    .option("-i, --inventory <file>", "inventory with a lab section", "inventories/lab.yaml")
    .option("--speed <n>", "the speed to start with", positive)
    .option("--attempts <n>", "attempts that must all succeed", wholeNumber, 10_000)
    .addHelpText("after", "\nExample:\n  blackout lab selftest --attempts 2000")
    .action(async (options: LabSelftestOptions) => {
      const { labSelftest } = await import("./commands/lab-selftest.ts");
      finish(await labSelftest(options, terminal));
    });
  lab.command("serve", { hidden: true }).action(async () => {
    const { serveLab } = await import("./commands/lab-serve.ts");
    await serveLab(terminal);
  });
};

const addSchema: Add = (program, terminal, finish) => {
  program
    .command("schema")
    .description("print the JSON Schema of a file format, for editors")
    .argument("<format>", "experiment, inventory, report, baseline or log")
    .addHelpText("after", "\nExample:\n  blackout schema experiment > experiment.schema.json")
    .action(async (format: string) => {
      const { schema } = await import("./commands/schema.ts");
      finish(schema(format, terminal));
    });
};
