import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { Protocol } from "./wanted.ts";

/** The optional packages, loaded when there is something to send. */
export async function loadPackages() {
  const [{ SpanKind, SpanStatusCode, TraceFlags }, exporters, resources] = await Promise.all([
    import("@opentelemetry/api"),
    loadExporters(),
    import("@opentelemetry/resources"),
  ]);
  const { detectResources, envDetector, resourceFromAttributes } = resources;
  return {
    SpanKind,
    SpanStatusCode,
    TraceFlags,
    exporters,
    detectResources,
    envDetector,
    resourceFromAttributes,
  };
}

export type Packages = Awaited<ReturnType<typeof loadPackages>>;

type Exporters = Readonly<Record<Protocol, () => SpanExporter>>;

/** Each reads where to, for how long and with what headers from the environment. */
async function loadExporters(): Promise<Exporters> {
  const [{ OTLPTraceExporter }, { OTLPExporterBase }, http, transformer] = await Promise.all([
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/otlp-exporter-base"),
    import("@opentelemetry/otlp-exporter-base/node-http"),
    import("@opentelemetry/otlp-transformer"),
  ]);
  return {
    "http/json": () => new OTLPTraceExporter(),
    // The parts that exporter-trace-otlp-proto is put together from, which come with the other.
    "http/protobuf": () =>
      new OTLPExporterBase(
        http.createOtlpHttpExportDelegate(
          http.convertLegacyHttpOptions({}, "TRACES", "v1/traces", {
            "Content-Type": "application/x-protobuf",
          }),
          transformer.ProtobufTraceSerializer,
          "otlp_http_span_exporter",
          transformer.TraceExporterMetricsHelper,
          undefined,
        ),
      ),
  };
}

/** What to do where they were left out at install; null: the error is another one. */
export const notInstalled = (error: unknown): string | null =>
  error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND"
    ? "OpenTelemetry is not installed; npm install --include=optional brings it in"
    : null;
