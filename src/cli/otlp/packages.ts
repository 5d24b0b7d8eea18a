/** The optional packages, loaded when there is something to send. */
export async function loadPackages() {
  const [{ SpanKind, SpanStatusCode, TraceFlags }, { OTLPTraceExporter }, resources] =
    await Promise.all([
      import("@opentelemetry/api"),
      import("@opentelemetry/exporter-trace-otlp-http"),
      import("@opentelemetry/resources"),
    ]);
  const { detectResources, envDetector, resourceFromAttributes } = resources;
  return {
    SpanKind,
    SpanStatusCode,
    TraceFlags,
    OTLPTraceExporter,
    detectResources,
    envDetector,
    resourceFromAttributes,
  };
}

export type Packages = Awaited<ReturnType<typeof loadPackages>>;

/** What to do where they were left out at install; null: the error is another one. */
export const notInstalled = (error: unknown): string | null =>
  error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND"
    ? "OpenTelemetry is not installed; npm install --include=optional brings it in"
    : null;
