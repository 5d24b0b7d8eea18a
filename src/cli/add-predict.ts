import type { Command } from "commander";
import type { PredictOptions } from "./commands/predict.ts";
import type { ExitCode } from "./exit-code.ts";
import { positive, wholeNumber } from "./numbers.ts";
import type { Terminal } from "./terminal.ts";
import { knobs } from "./what-if.ts";

export function addPredict(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command("predict")
    .description(
      "play an experiment's failovers by the twin, with the clusters' own settings: how long will each phase take, what decides it, and what if; touches nothing",
    )
    .argument("<experiment>", "experiment file (YAML)")
    .option("-i, --inventory <file>", "inventory file; default: the one the experiment names")
    .option("--arm <name...>", "only these arms")
    .option("--cluster <name>", "run the arms of its kind on this cluster of the inventory instead")
    .option("--offline", "ask nobody: settings as the inventory states them, and else by default")
    .option("--failovers <n>", "how many are played", wholeNumber, 10_000)
    .option(
      "--set <key=value>",
      "what if this were so, beside what is (may be given again); keys below",
      (text: string, earlier: readonly string[]): readonly string[] => [...earlier, text],
      [],
    )
    .option("--seed <n>", "instead of the experiment's", wholeNumber)
    .option("--speed <n>", "lab seconds in one real second, for an embedded lab", positive)
    .option("--json", "for machines, instead of lines")
    .addHelpText(
      "after",
      `
Keys of --set; a bare number is in the key's unit, 30s says its own:
${knobLines}

Examples:
  blackout predict experiments/thesis-failover.yaml
  blackout predict experiments/kubernetes-power-loss.yaml --offline --set tolerationSeconds=30 --set nodeMonitorGracePeriod=20s
  blackout predict experiments/pve-power-loss.yaml -i inventories/prod.yaml --set token=10000 --json | jq .arms[].scenes

Exit codes: 0 predicted (or said why the twin does not play such a fault), 2 bad input, or a cluster that cannot be asked.`,
    )
    .action(async (experiment: string, options: PredictOptions) => {
      const { predict } = await import("./commands/predict.ts");
      finish(await predict(experiment, options, terminal));
    });
}

const width = Math.max(...Object.keys(knobs).map((key) => key.length));

const knobLines = Object.entries(knobs)
  .map(([key, { unit, what }]) => `  ${key.padEnd(width)}  ${unit.padEnd(5)}  ${what}`)
  .join("\n");
