import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { after, milliseconds, nanoseconds, origin } from "../../src/base/time.ts";
import type { Endpoint } from "../../src/contracts/endpoint.ts";
import { effectiveGrid } from "../../src/probe/effective-grid.ts";
import { fateOf, pointOf } from "../../src/probe/pace.ts";

const grid = { start: after(origin, milliseconds(37)), period: milliseconds(250) };
const room = { inFlight: 0, maximum: 4 };

describe("pointOf", () => {
  it("lies on the grid, without drift", () => {
    expect(pointOf(grid, 0)).toBe(grid.start);
    expect(pointOf(grid, 1_000_000)).toBe(after(origin, milliseconds(250_000_037)));
  });
});

describe("fateOf", () => {
  const point = pointOf(grid, 8);

  it("waits until the point has come", () => {
    const now = after(point, milliseconds(-3));
    expect(fateOf(point, now, grid, room)).toEqual({ kind: "wait", remaining: milliseconds(3) });
  });

  it("starts on time, and up to half a period later", () => {
    expect(fateOf(point, point, grid, room).kind).toBe("start");
    expect(fateOf(point, after(point, milliseconds(125)), grid, room).kind).toBe("start");
    expect(fateOf(point, after(point, milliseconds(125.001)), grid, room).kind).toBe("late");
  });

  it("skips a point while too many attempts are under way", () => {
    expect(fateOf(point, point, grid, { inFlight: 4, maximum: 4 }).kind).toBe("skipped");
    expect(fateOf(point, point, grid, { inFlight: 3, maximum: 4 }).kind).toBe("start");
  });

  it("starts at most one attempt per instant, whenever it looks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e10 }), (time) => {
        const now = after(origin, nanoseconds(time));
        const started = Array.from({ length: 45 }, (_, seq) => seq).filter(
          (seq) => fateOf(pointOf(grid, seq), now, grid, room).kind === "start",
        );
        expect(started.length).toBeLessThanOrEqual(1);
      }),
      { seed: 7 },
    );
  });
});

describe("effectiveGrid", () => {
  const spec = {
    depth: "frame",
    period_ms: 250,
    connect_timeout_ms: 1000,
    attempt_timeout_ms: 2000,
    max_in_flight: 8,
    consecutive: 4,
  } as const;
  const page: Endpoint = {
    kind: "novnc",
    page_url: "http://127.0.0.1/",
    websocket_url: "ws://127.0.0.1/",
    host_header: null,
    vnc_password: null,
    ca_pem: null,
  };
  const ticket: Endpoint = {
    kind: "ticket",
    minimum_period_ms: 1000,
    address: () => ({ host: "127.0.0.1", port: 8006 }),
    open: async () => await Promise.reject(new Error("unused")),
  };
  const none = { deadline: milliseconds(0), period: milliseconds(0) };
  const at60 = { deadline: milliseconds(6000), period: milliseconds(1200) };

  it("is what was asked for on a real clock", () => {
    expect(effectiveGrid(spec, page, none)).toEqual({
      period: milliseconds(250),
      connectTimeout: milliseconds(1000),
      attemptTimeout: milliseconds(2000),
    });
  });

  it("asks a console no more often than it allows", () => {
    expect(effectiveGrid(spec, ticket, none).period).toBe(milliseconds(1000));
  });

  it("is no finer than a lab's clock can honour", () => {
    expect(effectiveGrid(spec, page, at60)).toEqual({
      period: milliseconds(1200),
      connectTimeout: milliseconds(6000),
      attemptTimeout: milliseconds(6000),
    });
  });

  it("gives a console's attempt, which is two, twice the period", () => {
    expect(effectiveGrid(spec, ticket, at60).period).toBe(milliseconds(2400));
  });
});
