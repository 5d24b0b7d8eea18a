import { plainText } from "../../base/plain-text.ts";
import type { RunReport } from "../../model/run-report.ts";
import type { Reporter } from "../reporter.ts";
import { attributes } from "./attributes.ts";
import { tracesOf } from "./spans.ts";
import type { AttributeValue, Attributes, TraceSpan } from "./trace-span.ts";

/**
 * As OpenTelemetry's file exporter writes it: one `TracesData` a line, here a trial. In OTLP's JSON ids are hexadecimal and
 * numbers of 64 bits are strings.
 */
export const otlpJson: Reporter = (input) => [
  {
    path: "traces.jsonl",
    content: tracesOf(input)
      .map((spans) => `${JSON.stringify(tracesData(spans, input.report))}\n`)
      .join(""),
  },
];

/** Whoever made the spans. */
export const resourceOf = ({ tool }: RunReport): Attributes =>
  attributes({ "service.name": "blackout", "service.version": tool });

const tracesData = (spans: readonly TraceSpan[], report: RunReport) => ({
  resourceSpans: [
    {
      resource: { attributes: keyValues(resourceOf(report)) },
      scopeSpans: [
        { scope: { name: "blackout", version: plainText(report.tool) }, spans: spans.map(written) },
      ],
    },
  ],
});

const written = (span: TraceSpan) => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
  name: span.name,
  kind: SPAN_KIND_INTERNAL,
  startTimeUnixNano: String(span.start_ns),
  endTimeUnixNano: String(span.end_ns),
  attributes: keyValues(span.attributes),
  events: span.events.map(({ name, at_ns, attributes: own }) => ({
    timeUnixNano: String(at_ns),
    name,
    attributes: keyValues(own),
  })),
  status: span.error === null ? {} : { message: span.error, code: STATUS_CODE_ERROR },
});

const SPAN_KIND_INTERNAL = 1;
const STATUS_CODE_ERROR = 2;

const keyValues = (all: Attributes) =>
  Object.entries(all).map(([key, value]) => ({ key, value: anyValue(value) }));

function anyValue(value: AttributeValue): Readonly<Record<string, unknown>> {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return typeof value === "bigint" ? { intValue: String(value) } : { doubleValue: value };
}
