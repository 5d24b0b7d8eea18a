import type { MeasuredTrial } from "../../analysis/analyse-trial.ts";
import { analyseTrial } from "../../analysis/analyse-trial.ts";
import { recordsByTrial } from "../../analysis/trial-facts.ts";
import { present } from "../../base/assert.ts";
import { plainText } from "../../base/plain-text.ts";
import type { JournalRecord } from "../../model/journal.ts";
import type { PlannedTrial } from "../../model/plan.ts";
import type { Sample } from "../../model/sample.ts";
import type { Terminal } from "../terminal.ts";

type Colours = Terminal["colours"];

/** Hours of samples. A trial of days would fill the memory; the report reads its files instead. */
const MOST_FACTS = 200_000;

/** Keeps what a trial says while it runs, and tells its result in one line when it ends. */
export class TrialLines {
  readonly #most: number;
  #trial: PlannedTrial | null = null;
  #records: JournalRecord[] = [];
  #samples: Sample[] = [];
  #overflowed = false;

  /** @param most how many records and samples it keeps */
  constructor(most = MOST_FACTS) {
    this.#most = most;
  }

  get kept(): number {
    return this.#records.length + this.#samples.length;
  }

  begin(trial: PlannedTrial): void {
    this.#trial = trial;
    this.#drop();
    this.#overflowed = false;
  }

  record(record: JournalRecord): void {
    if (this.#hasRoom()) this.#records.push(record);
  }

  sample(sample: Sample): void {
    if (this.#hasRoom()) this.#samples.push(sample);
  }

  end(colours: Colours): string {
    const trial = present(this.#trial, "the trial under way");
    const line = this.#overflowed
      ? `ended; it has more than ${this.#most} facts, and its result stands in the report`
      : this.#result(trial, colours);
    this.begin(trial);
    return line;
  }

  #result(trial: PlannedTrial, colours: Colours): string {
    const own = recordsByTrial(this.#records).get(trial.id) ?? [];
    return renderResult(analyseTrial(trial, own, this.#samples), colours);
  }

  #hasRoom(): boolean {
    if (!this.#overflowed && this.kept < this.#most) return true;
    this.#overflowed = true;
    this.#drop();
    return false;
  }

  #drop(): void {
    this.#records = [];
    this.#samples = [];
  }
}

function renderResult(result: MeasuredTrial, colours: Colours): string {
  const { outcome } = result;
  switch (outcome.kind) {
    case "recovered":
      return `${colours.green("recovered")} ${recovered(result)}`;
    case "no-outage":
      return `${colours.green("no outage")}: it went on answering`;
    case "censored":
      return colours.red(`still down after ${seconds(outcome.longer_than_ms)}`);
    case "void":
    case "refused":
    case "interrupted":
      return `${colours.yellow(outcome.kind)}: ${plainText(outcome.why)}`;
  }
}

function recovered(result: MeasuredTrial): string {
  const { recovery } = result.durations_ms;
  const time =
    recovery === null
      ? "in unknown time"
      : `in ${seconds((recovery[0] + recovery[1]) / 2)} ±${seconds((recovery[1] - recovery[0]) / 2)}`;
  const where = plainText(`${result.victim ?? "?"} -> ${result.after?.node ?? "?"}`);
  const instance =
    result.outcome.kind === "recovered" && result.outcome.instance === "same"
      ? ", the same instance: no failover"
      : "";
  return `${time}  ${where}${instance}`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
