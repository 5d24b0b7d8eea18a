import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { either, orAborted } from "../../base/abort.ts";
import { describeError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { formatDuration, minutes } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import { tracesOf } from "../../reporters/otlp/spans.ts";
import type { ReportInput } from "../../reporters/reporter.ts";
import { warn } from "../say.ts";
import type { Terminal } from "../terminal.ts";
import { batchesOf } from "./batches.ts";
import type { Packages } from "./packages.ts";
import { loadPackages, notInstalled } from "./packages.ts";
import { readableSpans } from "./readable-spans.ts";
import { wantedBy } from "./wanted.ts";

export interface Sending {
  readonly terminal: Terminal;
  /** Ends it at once; what was sent by then stays. */
  readonly stop: AbortSignal;
  readonly clock: Pick<Clock, "timeout">;
  readonly load?: () => Promise<Packages>;
}

/** For all of it, whatever the collector does; a single request has OTEL_EXPORTER_OTLP_TIMEOUT. */
const SEND_LIMIT = minutes(1);

/**
 * Sends a run's traces to where the standard OTEL_ variables say. Whatever goes wrong is told in a line and changes nothing
 * else: the run is judged by its facts, not by a collector.
 */
export async function sendTraces(input: ReportInput, sending: Sending): Promise<void> {
  const { terminal, stop, clock, load = loadPackages } = sending;
  const wanted = wantedBy(process.env);
  if (wanted.kind !== "send") {
    warn(terminal, plainText(`no traces were sent: ${wanted.why}`));
    return;
  }
  const traces = tracesOf(input);
  const limit = clock.timeout(SEND_LIMIT);
  let sent = 0;
  try {
    const packages = await load();
    const exporter = packages.exporters[wanted.protocol]();
    for (const batch of batchesOf(traces)) {
      const surroundings = { packages, environment: process.env };
      const spans = readableSpans(batch.flat(), input.report, surroundings);
      await orAborted(exported(exporter, spans), either(stop, limit));
      sent += batch.length;
    }
    terminal.err(`${traces.length} traces sent.\n`);
  } catch (error) {
    const late = limit.aborted && !stop.aborted;
    const why = late
      ? `that took longer than ${formatDuration(SEND_LIMIT)}`
      : (notInstalled(error) ?? describeError(error));
    const came = sent === 0 ? "no" : `only ${sent} of ${traces.length}`;
    warn(terminal, plainText(`${came} traces were sent: ${why}`));
  }
}

/** After a run: only where an endpoint is set and nothing switches it off. */
export async function sendTracesWhereSet(input: ReportInput, sending: Sending): Promise<void> {
  const endpoints = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
  const set = endpoints.some((name) => (process.env[name] ?? "").trim() !== "");
  if (set && wantedBy(process.env).kind !== "off") await sendTraces(input, sending);
}

async function exported(exporter: SpanExporter, spans: ReadableSpan[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    exporter.export(spans, ({ error }) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}
