import { describeError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { tracesOf } from "../../reporters/otlp/spans.ts";
import type { ReportInput } from "../../reporters/reporter.ts";
import type { Terminal } from "../terminal.ts";
import type { Packages } from "./packages.ts";
import { loadPackages, notInstalled } from "./packages.ts";
import { readableSpans } from "./readable-spans.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Sends a run's traces to where the standard OTEL_ variables say. Whatever goes wrong is told in a line and changes nothing
 * else: the run is judged by its facts, not by a collector.
 */
export async function sendTraces(
  input: ReportInput,
  terminal: Terminal,
  load: () => Promise<Packages> = loadPackages,
): Promise<void> {
  const warn = (why: string): void => {
    terminal.err(`${terminal.colours.yellow("warning:")} no traces were sent: ${plainText(why)}\n`);
  };
  const off = switchedOff(process.env);
  if (off !== null) {
    warn(off);
    return;
  }
  try {
    const traces = tracesOf(input);
    await exportAll(traces, input, await load());
    terminal.err(`${traces.length} traces sent.\n`);
  } catch (error) {
    warn(notInstalled(error) ?? describeError(error));
  }
}

/** After a run: only where an endpoint is set and nothing switches it off. */
export async function sendTracesWhereSet(input: ReportInput, terminal: Terminal): Promise<void> {
  const endpoints = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
  const set = endpoints.some((name) => (process.env[name] ?? "") !== "");
  if (set && switchedOff(process.env) === null) await sendTraces(input, terminal);
}

function switchedOff(environment: Environment): string | null {
  if (environment["OTEL_SDK_DISABLED"]?.toLowerCase() === "true") return "OTEL_SDK_DISABLED is set";
  const exporters = environment["OTEL_TRACES_EXPORTER"] ?? "";
  return exporters === "" || exporters.split(",").includes("otlp")
    ? null
    : `OTEL_TRACES_EXPORTER is ${exporters}`;
}

/** So many spans go in one request, give or take a trace. */
const BATCH = 500;

/** Ends with the first request that fails: a collector that is down would be waited for again and again. */
async function exportAll(
  traces: ReturnType<typeof tracesOf>,
  { report }: ReportInput,
  packages: Packages,
): Promise<void> {
  const exporter = new packages.OTLPTraceExporter();
  const send = async (spans: ReturnType<typeof readableSpans>): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      exporter.export(spans, ({ error }) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  };
  try {
    const all = readableSpans(traces.flat(), report, { packages, environment: process.env });
    for (let first = 0; first < all.length; first += BATCH) {
      await send(all.slice(first, first + BATCH));
    }
  } finally {
    await exporter.shutdown();
  }
}
