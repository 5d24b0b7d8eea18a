import { describe, expect, it } from "vitest";
import { wantedBy } from "../../../src/cli/otlp/wanted.ts";

const TRACES = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL";
const ANY = "OTEL_EXPORTER_OTLP_PROTOCOL";

describe("wantedBy", () => {
  it.each([
    [{}, "http/json"],
    [{ OTEL_TRACES_EXPORTER: "console, otlp" }, "http/json"],
    [{ OTEL_TRACES_EXPORTER: " otlp " }, "http/json"],
    [{ OTEL_TRACES_EXPORTER: " ", OTEL_SDK_DISABLED: "false" }, "http/json"],
    [{ [ANY]: "http/protobuf" }, "http/protobuf"],
    [{ [ANY]: " http/json " }, "http/json"],
    [{ [ANY]: "grpc", [TRACES]: "http/protobuf" }, "http/protobuf"],
    [{ [ANY]: "http/protobuf", [TRACES]: "" }, "http/protobuf"],
  ])("of %o sends traces by %s", (environment, protocol) => {
    expect(wantedBy(environment)).toEqual({ kind: "send", protocol });
  });

  it.each([
    [{ OTEL_SDK_DISABLED: "TRUE" }, "off", "OTEL_SDK_DISABLED is set"],
    [{ OTEL_TRACES_EXPORTER: "none" }, "off", "OTEL_TRACES_EXPORTER is none"],
    [{ OTEL_TRACES_EXPORTER: "console,zipkin" }, "off", "OTEL_TRACES_EXPORTER is console,zipkin"],
    [{ [ANY]: "grpc" }, "refused", `${ANY} is grpc, and blackout speaks http/json`],
    [{ [ANY]: "http/json", [TRACES]: "grpc" }, "refused", `${TRACES} is grpc`],
  ])("of %o sends nothing: %s", (environment, kind, why) => {
    expect(wantedBy(environment)).toEqual({ kind, why: expect.stringContaining(why) });
  });
});
