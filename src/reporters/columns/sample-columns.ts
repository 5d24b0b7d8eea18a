import type { Failure, Sample, SampleResult } from "../../model/sample.ts";
import type { Column } from "./column.ts";
import { integer, number, text } from "./column.ts";

const since = (what: string): { readonly unit: "ms"; readonly meaning: string } => ({
  unit: "ms",
  meaning: `${what}, since the zero of the run's clock`,
});

/** `samples.csv` and `samples.parquet`: a row for each attempt. */
export const sampleColumns: readonly Column<Sample>[] = [
  text("trial", "the trial that it belongs to", ({ trial }) => trial),
  text(
    "target",
    "what was tried: desktop, or control (off the victim, to tell a deaf prober from a dead desktop)",
    ({ target }) => target,
  ),
  integer("seq", { meaning: "point of the grid, of its trial and target" }, ({ seq }) => seq),
  number("scheduled_ms", since("when it was to start"), ({ scheduled_ms }) => scheduled_ms),
  number("started_ms", since("when it started"), ({ started_ms }) => started_ms),
  number("ended_ms", since("when it ended"), ({ ended_ms }) => ended_ms),
  text("result", "good, bad or unobserved (the prober's own fault)", ({ result }) => result.kind),
  text("instance", "of a good one: who answered, by the name that it gives itself", (sample) =>
    sample.result.kind === "good" ? sample.result.instance : null,
  ),
  text(
    "reached",
    "of a bad one: the deepest layer that succeeded: tcp, http, websocket, rfb or frame",
    ({ result }) => (result.kind === "bad" ? result.reached : null),
  ),
  text("failure", "of a bad one: how it failed; of an unobserved one: why", ({ result }) =>
    failureOf(result),
  ),
  text("detail", "what else is known of the failure", ({ result }) => detailOf(result)),
];

function failureOf(result: SampleResult): string | null {
  switch (result.kind) {
    case "good":
      return null;
    case "bad":
      return result.failure.kind;
    case "unobserved":
      return result.why;
  }
}

function detailOf(result: SampleResult): string | null {
  switch (result.kind) {
    case "good":
      return null;
    case "bad":
      return failureDetail(result.failure);
    case "unobserved":
      return result.detail;
  }
}

function failureDetail(failure: Failure): string | null {
  switch (failure.kind) {
    case "refused":
    case "uniform-frame":
      return null;
    case "unreachable":
      return failure.code;
    case "timed-out":
    case "reset":
    case "closed":
      return `during ${failure.during}`;
    case "tls":
    case "rfb":
    case "no-way-in":
      return failure.detail;
    case "http-status":
      return String(failure.status);
    case "websocket-close":
      return `${failure.code} ${failure.reason}`;
    case "protocol":
      return `during ${failure.during}: ${failure.detail}`;
  }
}
