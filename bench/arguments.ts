import { InvalidArgumentError, Option, program } from "commander";

const partNames = ["accuracy", "peers", "cost", "twin"] as const;
export type PartName = (typeof partNames)[number];

export interface Arguments {
  /** Null: all of it. */
  readonly only: PartName | null;
  readonly quick: boolean;
  readonly seed: number;
  readonly out: string;
  readonly markdown: boolean;
}

/** Ends the process where the arguments make no sense, or only help was asked for. */
export function readArguments(argv: readonly string[]): Arguments {
  const options = program
    .name("npm run bench --")
    .description(
      "Measures how accurate the probe is, and what it costs. At speed 1, on this machine.",
    )
    .addOption(new Option("--only <part>", "one part of it").choices(partNames))
    .option("--quick", "fewer outages, shorter measurements", false)
    .option("--seed <number>", "draws other outages", wholeNumber, 1)
    .option("--out <file>", "the results as JSON", "bench/results/latest.json")
    .option("--markdown", "measures nothing: shows the results of --out as Markdown", false)
    .parse(argv)
    .opts<Omit<Arguments, "only"> & { readonly only?: PartName }>();
  return { ...options, only: options.only ?? null };
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
