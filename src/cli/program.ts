import { Command, InvalidArgumentError } from "commander";
import type { LabSelftestOptions } from "./commands/lab-selftest.ts";
import type { LabUpOptions } from "./commands/lab-up.ts";
import type { RunOptions } from "./commands/run.ts";
import type { ExitCode } from "./exit-code.ts";
import type { StudyOptions } from "./load.ts";
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
    .exitOverride()
    .showHelpAfterError("(add --help for what is allowed)")
    .addHelpText("after", examples);
  addRun(program, terminal, finish);
  addPlan(program, terminal, finish);
  addReport(program, terminal, finish);
  addLab(program, terminal, finish);
  addSchema(program, terminal, finish);
  return program;
}

type Add = (program: Command, terminal: Terminal, finish: (code: ExitCode) => void) => void;

const examples = `
Examples:
  blackout run experiments/thesis-failover.yaml          the whole study on the embedded lab: needs nothing else
  blackout plan experiments/pve-power-loss.yaml -i inventories/my-cluster.yaml
                                                          what would be done to whom; touches nothing
  blackout lab up                                         a lab to try things on, with curl, kubectl, ssh, ipmitool
  blackout report reports/<run>                           judges an old run again from its journal

Exit codes: 0 pass, 1 acceptance failed, 2 usage or configuration, 3 inconclusive, 4 refused as unsafe,
5 cluster not restored, 70 internal error, 130 interrupted (and restored).`;

const addRun: Add = (program, terminal, finish) => {
  program
    .command("run")
    .description("run an experiment: deploy, kill, measure, heal, repeat, report")
    .argument("<experiment>", "experiment file (YAML)")
    .option("-i, --inventory <file>", "inventory file; default: the one the experiment names")
    .option("-o, --output <folder>", "where run folders are made", "reports")
    .option("--trials <n>", "trials of each arm, instead of the experiment's", wholeNumber)
    .option("--arm <name...>", "only these arms")
    .option("--seed <n>", "instead of the experiment's", wholeNumber)
    .option("--speed <n>", "lab seconds in one real second, for an embedded lab", positive)
    .option("--yes-kill <cluster...>", "kill nodes of these clusters without asking for their name")
    .option("-q, --quiet", "only the result")
    .addHelpText(
      "after",
      `
Examples:
  blackout run experiments/thesis-failover.yaml
  blackout run experiments/thesis-failover.yaml --arm kubernetes --trials 3
  blackout run experiments/pve-power-loss.yaml -i inventories/prod.yaml --yes-kill prod-pve`,
    )
    .action(async (experiment: string, options: RunOptions) => {
      const { run } = await import("./commands/run.ts");
      finish(await run(experiment, options, terminal));
    });
};

const addPlan: Add = (program, terminal, finish) => {
  program
    .command("plan")
    .description("show what a run would do to whom, and what would be refused; touches nothing")
    .argument("<experiment>", "experiment file (YAML)")
    .option("-i, --inventory <file>", "inventory file; default: the one the experiment names")
    .option("--arm <name...>", "only these arms")
    .option("--trials <n>", "trials of each arm, instead of the experiment's", wholeNumber)
    .option("--seed <n>", "instead of the experiment's", wholeNumber)
    .option("--speed <n>", "lab seconds in one real second, for an embedded lab", positive)
    .addHelpText("after", "\nExample:\n  blackout plan experiments/thesis-failover.yaml")
    .action(async (experiment: string, options: StudyOptions) => {
      const { plan } = await import("./commands/plan.ts");
      finish(await plan(experiment, options, terminal));
    });
};

const addReport: Add = (program, terminal, finish) => {
  program
    .command("report")
    .description("judge a run again from its journal and samples, and write its reports anew")
    .argument("<run>", "run folder, e.g. reports/2026-11-22T13-37-00Z-thesis-failover-a1b2")
    .option("--json", "print report.json instead of the table")
    .addHelpText("after", "\nExample:\n  blackout report reports/sample --json | jq .verdict")
    .action(async (run: string, options: { readonly json?: boolean }) => {
      const { report } = await import("./commands/report.ts");
      finish(await report(run, options, terminal));
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
    await serveLab();
  });
};

const addSchema: Add = (program, terminal, finish) => {
  program
    .command("schema")
    .description("print the JSON Schema of a file format, for editors")
    .argument("<format>", "experiment, inventory or report")
    .addHelpText("after", "\nExample:\n  blackout schema experiment > experiment.schema.json")
    .action(async (format: string) => {
      const { schema } = await import("./commands/schema.ts");
      finish(schema(format, terminal));
    });
};

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError("It must be a whole number from 1 up.");
  }
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0 || value > 1000) {
    throw new InvalidArgumentError("It must be a number above 0, at most 1000.");
  }
  return value;
}
