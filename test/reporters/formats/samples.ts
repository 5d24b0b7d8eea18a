import type { Sample, SampleResult } from "../../../src/model/sample.ts";

const results: readonly SampleResult[] = [
  { kind: "good", instance: "desktop boot 1" },
  { kind: "good", instance: null },
  { kind: "bad", reached: null, failure: { kind: "refused" } },
  { kind: "bad", reached: null, failure: { kind: "unreachable", code: "EHOSTUNREACH" } },
  { kind: "bad", reached: "tcp", failure: { kind: "timed-out", during: "http" } },
  { kind: "bad", reached: "tcp", failure: { kind: "reset", during: "http" } },
  { kind: "bad", reached: "http", failure: { kind: "closed", during: "websocket" } },
  { kind: "bad", reached: "tcp", failure: { kind: "tls", detail: "expired" } },
  { kind: "bad", reached: "tcp", failure: { kind: "http-status", status: 503 } },
  {
    kind: "bad",
    reached: "websocket",
    failure: { kind: "websocket-close", code: 1011, reason: "Failed to connect" },
  },
  { kind: "bad", reached: "websocket", failure: { kind: "rfb", detail: "too many failures" } },
  { kind: "bad", reached: "rfb", failure: { kind: "uniform-frame" } },
  { kind: "bad", reached: null, failure: { kind: "no-way-in", detail: "no ticket" } },
  {
    kind: "bad",
    reached: "http",
    failure: { kind: "protocol", during: "websocket", detail: "a masked frame" },
  },
  { kind: "unobserved", why: "late", detail: "by 140 ms" },
];

/** One of each kind. */
export const everySample: readonly Sample[] = results.map((result, index) => ({
  seq: index + 1,
  trial: "001-proxmox-guest-1",
  target: index % 2 === 0 ? "desktop" : "control",
  scheduled_ms: index * 250,
  started_ms: index * 250 + 0.125,
  ended_ms: index * 250 + 80.5,
  result,
}));
