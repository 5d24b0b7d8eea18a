import type { HrTime, Link } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import type { RunReport } from "../../model/run-report.ts";
import { resourceOf } from "../../reporters/otlp/otlp-json.ts";
import type { Attributes, TraceSpan } from "../../reporters/otlp/trace-span.ts";
import type { Packages } from "./packages.ts";

interface Surroundings {
  readonly packages: Packages;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Our spans as OpenTelemetry's exporters take them. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES outdo what we say of
 * ourselves; TRACEPARENT, by which a pipeline names its own trace, becomes a link of each trial.
 */
export function readableSpans(
  spans: readonly TraceSpan[],
  report: RunReport,
  { packages, environment }: Surroundings,
): ReadableSpan[] {
  const { SpanKind, SpanStatusCode, TraceFlags } = packages;
  const resource = packages
    .resourceFromAttributes(plain(resourceOf(report)))
    .merge(packages.detectResources({ detectors: [packages.envDetector] }));
  const links = linksOf(environment);
  // One object: by that, and not by its name, protobuf's serialiser tells which spans share it.
  const instrumentationScope = { name: "blackout", version: report.tool };
  const contextOf = (traceId: string, spanId: string) => ({
    traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
  });
  return spans.map((span) => ({
    name: span.name,
    kind: SpanKind.INTERNAL,
    spanContext: () => contextOf(span.traceId, span.spanId),
    ...(span.parentSpanId === null
      ? {}
      : { parentSpanContext: contextOf(span.traceId, span.parentSpanId) }),
    startTime: hrTime(span.start_ns),
    endTime: hrTime(span.end_ns),
    duration: hrTime(span.end_ns - span.start_ns),
    ended: true,
    status:
      span.error === null
        ? { code: SpanStatusCode.UNSET }
        : { code: SpanStatusCode.ERROR, message: span.error },
    attributes: plain(span.attributes),
    events: span.events.map(({ name, at_ns, attributes }) => ({
      name,
      time: hrTime(at_ns),
      attributes: plain(attributes),
    })),
    links: span.parentSpanId === null ? links : [],
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }));
}

const NANOSECONDS = 1_000_000_000n;

const hrTime = (ns: bigint): HrTime => [Number(ns / NANOSECONDS), Number(ns % NANOSECONDS)];

const plain = (attributes: Attributes): Readonly<Record<string, string | number | boolean>> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === "bigint" ? Number(value) : value,
    ]),
  );

/** W3C Trace Context, as the environment carries it; some tools write it with an underscore. */
function linksOf(environment: Surroundings["environment"]): Link[] {
  const parent = environment["TRACEPARENT"] ?? environment["TRACE_PARENT"] ?? "";
  const found = /^[\da-f]{2}-(?<trace>[\da-f]{32})-(?<span>[\da-f]{16})-(?<flags>[\da-f]{2})/u.exec(
    parent,
  )?.groups;
  if (found?.["trace"] === undefined || found["span"] === undefined) return [];
  const traceFlags = Number.parseInt(found["flags"] ?? "0", 16);
  return [
    { context: { traceId: found["trace"], spanId: found["span"], traceFlags, isRemote: true } },
  ];
}
