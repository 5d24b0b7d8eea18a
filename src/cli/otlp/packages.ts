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
  const [json, protobuf] = await Promise.all([
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/exporter-trace-otlp-proto"),
  ]);
  return {
    "http/json": () => new json.OTLPTraceExporter(),
    "http/protobuf": () => new protobuf.OTLPTraceExporter(),
  };
}

/** What to do where they were left out at install; null: the error is another one. */
export const notInstalled = (error: unknown): string | null =>
  error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND"
    ? "OpenTelemetry is not installed; npm install --include=optional brings it in"
    : null;
