import { analyseTrial } from "../analysis/analyse-trial.ts";
import { recordsByTrial } from "../analysis/trial-facts.ts";
import { present } from "../base/assert.ts";
import type { JournalRecord } from "../model/journal.ts";
import type { PlannedTrial } from "../model/plan.ts";
import type { Sample } from "../model/sample.ts";
import type { TrialResult } from "../model/trial-result.ts";
import type { Terminal } from "./terminal.ts";

type Colours = Terminal["colours"];

/** Keeps what a trial says while it runs, and tells its result in one line when it ends. */
export class TrialLines {
  #trial: PlannedTrial | null = null;
  #records: JournalRecord[] = [];
  #samples: Sample[] = [];

  begin(trial: PlannedTrial): void {
    this.#trial = trial;
    this.#records = [];
    this.#samples = [];
  }

  record(record: JournalRecord): void {
    this.#records.push(record);
  }

  sample(sample: Sample): void {
    this.#samples.push(sample);
  }

  end(colours: Colours): string {
    const trial = present(this.#trial, "the trial under way");
    const own = recordsByTrial(this.#records).get(trial.id) ?? [];
    const line = renderResult(analyseTrial(trial, own, this.#samples), colours);
    this.begin(trial);
    return line;
  }
}

function renderResult(result: TrialResult, colours: Colours): string {
  const { outcome } = result;
  switch (outcome.kind) {
    case "recovered":
      return `${colours.green("recovered")} ${recovered(result)}`;
    case "censored":
      return colours.red(`still down after ${seconds(outcome.longer_than_ms)}`);
    case "void":
    case "refused":
    case "interrupted":
      return `${colours.yellow(outcome.kind)}: ${outcome.why}`;
  }
}

function recovered(result: TrialResult): string {
  const { recovery } = result.durations_ms;
  const time =
    recovery === null
      ? "in unknown time"
      : `in ${seconds((recovery[0] + recovery[1]) / 2)} ±${seconds((recovery[1] - recovery[0]) / 2)}`;
  const where = `${result.victim ?? "?"} -> ${result.after?.node ?? "?"}`;
  const instance =
    result.outcome.kind === "recovered" && result.outcome.instance === "same"
      ? ", the same instance"
      : "";
  return `${time}  ${where}${instance}`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
