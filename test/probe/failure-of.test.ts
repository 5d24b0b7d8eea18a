import { describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import { Nonsense, PeerClosed, Untrusted } from "../../src/probe/attempt-failure.ts";
import { brief, failureOf } from "../../src/probe/failure-of.ts";

const system = (code: string, syscall?: string): Error =>
  Object.assign(new Error(`${syscall ?? ""} ${code}`), {
    code,
    ...(syscall === undefined ? {} : { syscall }),
  });

describe("failureOf", () => {
  it.each([
    [system("ECONNREFUSED", "connect"), { kind: "refused" }],
    [system("EHOSTUNREACH", "connect"), { kind: "unreachable", code: "EHOSTUNREACH" }],
    [system("ENETUNREACH", "connect"), { kind: "unreachable", code: "ENETUNREACH" }],
    [system("ETIMEDOUT", "connect"), { kind: "timed-out", during: "http" }],
    [system("ECONNRESET", "read"), { kind: "reset", during: "http" }],
    [system("EPIPE", "write"), { kind: "reset", during: "http" }],
    [system("ECONNRESET"), { kind: "closed", during: "http" }],
    [new PeerClosed(), { kind: "closed", during: "http" }],
    [new Untrusted("expired"), { kind: "tls", detail: "expired" }],
    [new Nonsense("what"), { kind: "protocol", during: "http", detail: "what" }],
    [new OperatingError("timed-out", "no answer"), { kind: "timed-out", during: "http" }],
    [new OperatingError("denied", "no right"), { kind: "no-way-in", detail: "no right" }],
    [
      new OperatingError("unreachable", "no", { cause: system("EHOSTUNREACH", "connect") }),
      { kind: "unreachable", code: "EHOSTUNREACH" },
    ],
  ])("reads %s", (error, failure) => {
    expect(failureOf(error, "http")).toEqual(failure);
  });

  it("says no way in, when a name is unknown", () => {
    expect(failureOf(system("ENOTFOUND", "getaddrinfo"), "tcp")).toMatchObject({
      kind: "no-way-in",
    });
  });

  it.each([
    system("EMFILE", "connect"),
    system("EADDRNOTAVAIL", "connect"),
    new OperatingError("configuration", "no secret"),
    new TypeError("Invalid URL"),
  ])("blames nobody but the prober for %s", (error) => {
    expect(failureOf(error, "tcp")).toBeNull();
  });
});

describe("brief", () => {
  it("makes one line of foreign text, and a short one", () => {
    expect(brief("a\u0007\r\n  b")).toBe("a b");
    expect(brief("x".repeat(5000))).toHaveLength(200);
  });
});
