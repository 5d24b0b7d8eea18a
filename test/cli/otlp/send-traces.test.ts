import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadPackages } from "../../../src/cli/otlp/packages.ts";
import { sendTraces, sendTracesWhereSet } from "../../../src/cli/otlp/send-traces.ts";
import { otlpJson } from "../../../src/reporters/otlp/otlp-json.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";
import { inputFor, textOf } from "../../support/report-input.ts";

interface Sent {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly spans: readonly Readonly<Record<string, unknown>>[];
  readonly resource: unknown;
}

interface Traces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: unknown };
    readonly scopeSpans: readonly { readonly spans: Sent["spans"] }[];
  }[];
}

/** Answers every request with that status, and keeps what it was sent. */
async function collector(status = 200) {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    const receive = async (): Promise<void> => {
      const [of] = (JSON.parse(await text(request)) as Traces).resourceSpans;
      sent.push({
        path: request.url ?? "",
        headers: request.headers,
        spans: of?.scopeSpans[0]?.spans ?? [],
        resource: of?.resource.attributes,
      });
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    };
    void receive();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    sent,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function listening() {
  const { terminal, err } = fakeTerminal(80);
  return { terminal, said: err };
}

/** 30 trials, of one of which nobody knows when it was. */
const input = inputFor(fakeReport());

/** The spans of `traces.jsonl`, without what the library adds of its own. */
const written = (): readonly unknown[] =>
  textOf(otlpJson, fakeReport())
    .trimEnd()
    .split("\n")
    .flatMap((line) => (JSON.parse(line) as Traces).resourceSpans[0]?.scopeSpans[0]?.spans ?? []);

const identity = (span: unknown): unknown => {
  const { traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano } =
    span as Record<string, unknown>;
  return { traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano };
};

afterEach(() => vi.unstubAllEnvs());

describe("sendTraces", () => {
  it("sends what traces.jsonl holds to where the standard variables say, as what they say", async () => {
    await using target = await collector();
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", target.url);
    vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=lab");
    vi.stubEnv("OTEL_SERVICE_NAME", "nightly");
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=lab");
    const { terminal, said } = listening();
    await sendTraces(input, terminal);
    expect(said()).toBe("29 traces sent.\n");
    expect(target.sent.flatMap(({ spans }) => spans).map(identity)).toEqual(
      written().map(identity),
    );
    const [first] = target.sent;
    expect(first?.path).toBe("/v1/traces");
    expect(first?.headers["x-tenant"]).toBe("lab");
    expect(first?.resource).toEqual(
      expect.arrayContaining([
        { key: "service.name", value: { stringValue: "nightly" } },
        { key: "service.version", value: { stringValue: "0.1.0" } },
        { key: "deployment.environment", value: { stringValue: "lab" } },
      ]),
    );
  });

  it.each(["TRACEPARENT", "TRACE_PARENT"])("links each trial to the trace of %s", async (name) => {
    await using target = await collector();
    vi.stubEnv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", `${target.url}/custom`);
    vi.stubEnv(name, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    await sendTraces(input, listening().terminal);
    expect(target.sent[0]?.path).toBe("/custom");
    const [trial, part] = target.sent[0]?.spans ?? [];
    expect(trial?.["links"]).toEqual([
      expect.objectContaining({
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
      }),
    ]);
    expect(part?.["links"]).toEqual([]);
  });

  it("says in one line that a collector refused, and asks it no more", async () => {
    await using target = await collector(400);
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", target.url);
    const { terminal, said } = listening();
    await sendTraces(input, terminal);
    expect(said()).toMatch(/^warning: no traces were sent: .+\n$/u);
    expect(target.sent).toHaveLength(1);
  });

  it("says what to install where OpenTelemetry was left out", async () => {
    const { terminal, said } = listening();
    const missing = Object.assign(new Error("no package"), { code: "ERR_MODULE_NOT_FOUND" });
    await sendTraces(input, terminal, async () => await Promise.reject(missing));
    expect(said()).toBe(
      "warning: no traces were sent: OpenTelemetry is not installed; npm install --include=optional brings it in\n",
    );
  });

  it.each([
    ["OTEL_SDK_DISABLED", "true", "OTEL_SDK_DISABLED is set"],
    ["OTEL_TRACES_EXPORTER", "none", "OTEL_TRACES_EXPORTER is none"],
  ])("does not send where %s is %s", async (name, value, why) => {
    vi.stubEnv(name, value);
    const load = vi.fn<typeof loadPackages>(loadPackages);
    const { terminal, said } = listening();
    await sendTraces(input, terminal, load);
    expect(said()).toBe(`warning: no traces were sent: ${why}\n`);
    expect(load).not.toHaveBeenCalled();
  });
});

describe("after a run", () => {
  it("traces are sent where an endpoint is set", async () => {
    await using target = await collector();
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", target.url);
    const { terminal, said } = listening();
    await sendTracesWhereSet(input, terminal);
    expect(said()).toBe("29 traces sent.\n");
    expect(target.sent.length).toBeGreaterThan(0);
  });

  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: "" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_SDK_DISABLED: "true" },
  ])("nothing is sent, nor said of it, with %o", async (environment) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { terminal, said } = listening();
    await sendTracesWhereSet(input, terminal);
    expect(said()).toBe("");
  });
});
