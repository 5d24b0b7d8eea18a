import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Duration } from "../../../src/base/time.ts";
import { formatDuration } from "../../../src/base/time.ts";
import { loadPackages } from "../../../src/cli/otlp/packages.ts";
import { sendTraces, sendTracesWhereSet } from "../../../src/cli/otlp/send-traces.ts";
import { Interrupted } from "../../../src/platform/signal-trap.ts";
import { otlpJson } from "../../../src/reporters/otlp/otlp-json.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";
import { inputFor, textOf } from "../../support/report-input.ts";
import { fromProtobuf } from "../../reporters/formats/otlp-schema.ts";

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

/** What it answers to each of the requests, the last of these to all that follow; never: it is silent. */
type Answers = readonly (number | "never")[];

/** Keeps what it was sent. */
async function collector(answers: Answers = [200], onRequest: () => void = () => undefined) {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    const receive = async (): Promise<void> => {
      const [of] = read(request.headers["content-type"], await buffer(request)).resourceSpans;
      sent.push({
        path: request.url ?? "",
        headers: request.headers,
        spans: of?.scopeSpans[0]?.spans ?? [],
        resource: of?.resource.attributes,
      });
      const answer = answers[sent.length - 1] ?? answers.at(-1);
      if (typeof answer === "number")
        response.writeHead(answer, { "content-type": "application/json" }).end("{}");
      onRequest();
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

const read = (type: string | undefined, body: Buffer): Traces =>
  (type === "application/x-protobuf" ? fromProtobuf(body) : JSON.parse(body.toString())) as Traces;

function listening() {
  const { terminal, err } = fakeTerminal(80);
  const stop = new AbortController();
  const limit = new AbortController();
  const asked: string[] = [];
  const clock = {
    timeout: (duration: Duration) => {
      asked.push(formatDuration(duration));
      return limit.signal;
    },
  };
  return { sending: { terminal, stop: stop.signal, clock }, said: err, stop, limit, asked };
}

/** 30 trials, of one of which nobody knows when it was. */
const input = inputFor(fakeReport());

/** Ten times as many. */
const long = inputFor(
  fakeReport({
    trials: Array.from({ length: 10 }, (_, round) =>
      fakeReport().trials.map((trial) => ({ ...trial, trial: `${round}-${trial.trial}` })),
    ).flat(),
  }),
);

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
    const { sending, said } = listening();
    await sendTraces(input, sending);
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
    await sendTraces(input, listening().sending);
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
    await using target = await collector([400]);
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", target.url);
    const { sending, said } = listening();
    await sendTraces(input, sending);
    expect(said()).toMatch(/^warning: no traces were sent: .+\n$/u);
    expect(target.sent).toHaveLength(1);
  });

  it("sends protobuf where the protocol says so: the same spans", async () => {
    await using target = await collector();
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", target.url);
    vi.stubEnv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    const { sending, said } = listening();
    await sendTraces(input, sending);
    expect(said()).toBe("29 traces sent.\n");
    expect(target.sent[0]?.headers["content-type"]).toBe("application/x-protobuf");
    expect(target.sent.flatMap(({ spans }) => spans).map(identity)).toEqual(
      written().map(identity),
    );
  });

  it("says how many traces of how many a collector took that refuses the rest", async () => {
    await using target = await collector([200, 400]);
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", target.url);
    const { sending, said } = listening();
    await sendTraces(long, sending);
    const taken = new Set(target.sent[0]?.spans.map(({ traceId }) => traceId)).size;
    expect(taken).toBeGreaterThan(1);
    expect(said()).toMatch(
      new RegExp(`^warning: only ${taken} of 290 traces were sent: Bad Request`, "u"),
    );
    expect(target.sent).toHaveLength(2);
  });

  it("sends whole traces in each request", async () => {
    await using target = await collector();
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", target.url);
    await sendTraces(long, listening().sending);
    expect(target.sent.length).toBeGreaterThan(2);
    const traces = target.sent.map(({ spans }) => [
      ...new Set(spans.map((each) => each["traceId"])),
    ]);
    expect(traces.flat()).toHaveLength(290);
    expect(new Set(traces.flat()).size).toBe(290);
  });

  it("ends at once when it is to stop, and says how far it came", async () => {
    const { sending, said, stop } = listening();
    await using target = await collector([200, "never"], () => {
      if (target.sent.length === 2) stop.abort(new Interrupted("SIGINT"));
    });
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", target.url);
    await sendTraces(long, sending);
    expect(said()).toMatch(/^warning: only \d+ of 290 traces were sent: interrupted by SIGINT\n$/u);
  });

  it("has one limit for all requests together", async () => {
    const { sending, said, limit, asked } = listening();
    await using target = await collector(["never"], () => {
      limit.abort(new Error("the clock's"));
    });
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", target.url);
    await sendTraces(long, sending);
    expect(asked).toEqual(["60 s"]);
    expect(said()).toBe("warning: no traces were sent: that took longer than 60 s\n");
  });

  it("says what to install where OpenTelemetry was left out", async () => {
    const { sending, said } = listening();
    const missing = Object.assign(new Error("no package"), { code: "ERR_MODULE_NOT_FOUND" });
    await sendTraces(input, { ...sending, load: async () => await Promise.reject(missing) });
    expect(said()).toBe(
      "warning: no traces were sent: OpenTelemetry is not installed; npm install --include=optional brings it in\n",
    );
  });

  it.each([
    ["OTEL_SDK_DISABLED", "true", "OTEL_SDK_DISABLED is set"],
    ["OTEL_TRACES_EXPORTER", "none", "OTEL_TRACES_EXPORTER is none"],
    [
      "OTEL_EXPORTER_OTLP_PROTOCOL",
      "grpc",
      "OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and blackout speaks http/json and http/protobuf alone: set OTEL_EXPORTER_OTLP_TRACES_PROTOCOL to one of them, and the endpoint to the port where the collector takes it, 4318 mostly",
    ],
  ])("does not send where %s is %s", async (name, value, why) => {
    vi.stubEnv(name, value);
    const load = vi.fn<typeof loadPackages>(loadPackages);
    const { sending, said } = listening();
    await sendTraces(input, { ...sending, load });
    expect(said()).toBe(`warning: no traces were sent: ${why}\n`);
    expect(load).not.toHaveBeenCalled();
  });
});

describe("after a run", () => {
  it("traces are sent where an endpoint is set", async () => {
    await using target = await collector();
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", target.url);
    const { sending, said } = listening();
    await sendTracesWhereSet(input, sending);
    expect(said()).toBe("29 traces sent.\n");
    expect(target.sent.length).toBeGreaterThan(0);
  });

  it("a protocol that we do not speak is told", async () => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    vi.stubEnv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    const { sending, said } = listening();
    await sendTracesWhereSet(input, sending);
    expect(said()).toMatch(/^warning: no traces were sent: OTEL_EXPORTER_OTLP_PROTOCOL is grpc/u);
  });

  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: "" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_SDK_DISABLED: "true" },
  ])("nothing is sent, nor said of it, with %o", async (environment) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { sending, said } = listening();
    await sendTracesWhereSet(input, sending);
    expect(said()).toBe("");
  });
});
