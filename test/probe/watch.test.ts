import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import { after, inMs, instantInMs, milliseconds, origin } from "../../src/base/time.ts";
import type { Duration } from "../../src/base/time.ts";
import type { Clock } from "../../src/contracts/clock.ts";
import type { Endpoint } from "../../src/contracts/endpoint.ts";
import type { ProbeSpec } from "../../src/model/experiment.ts";
import type { Sample } from "../../src/model/sample.ts";
import { ScaledClock } from "../../src/platform/scaled-clock.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { createProbe } from "../../src/probe/create-probe.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { novnc, password, secrets } from "./attempts.ts";
import type { FakeDesktop } from "./fake-desktop.ts";
import { fakeDesktop, speakRfb, text, u32 } from "./fake-desktop.ts";

const spec: ProbeSpec = {
  depth: "frame",
  period_ms: 250,
  connect_timeout_ms: 1000,
  attempt_timeout_ms: 2000,
  max_in_flight: 8,
  consecutive: 4,
};
const nowhere = { page_url: "http://127.0.0.1:1/", websocket_url: "ws://127.0.0.1:1/" };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function desktop(...behaviour: Parameters<typeof fakeDesktop>): Promise<FakeDesktop> {
  const fake = await fakeDesktop(...behaviour);
  closers.push(async () => await fake.close());
  return fake;
}

interface Scenario {
  readonly period: number;
  readonly maximum: number;
  readonly seed: number;
  readonly stall: number;
}

/** A watch on a virtual clock, whose attempts take any time, and whose prober is held up now and then. */
async function virtualWatch(scenario: Scenario): Promise<readonly Sample[]> {
  const clock = new VirtualClock();
  const random = new SeededRandom(scenario.seed);
  const stalling: Clock = {
    speed: 1,
    floor: clock.floor,
    now: () => clock.now(),
    wall: () => clock.wall(),
    timeout: (duration) => clock.timeout(duration),
    sleep: async (duration: Duration, signal) => {
      const stall = random.next() < 0.2 ? random.next() * scenario.stall : 0;
      await clock.sleep(milliseconds(inMs(duration) + stall), signal);
    },
  };
  const probe = createProbe({
    clock: stalling,
    secrets: {
      resolve: async () => {
        await clock.sleep(milliseconds(random.next() * 3000), new AbortController().signal);
        throw new OperatingError("configuration", "no such secret");
      },
    },
  });
  const endpoint = novnc(nowhere, { vnc_password: password("x") });
  const wanted: ProbeSpec = {
    ...spec,
    period_ms: scenario.period,
    max_in_flight: scenario.maximum,
  };
  const samples: Sample[] = [];
  const stop = new AbortController();
  clock.queue.after(milliseconds(30 * scenario.period), () => stop.abort());
  await clock.runUntilSettled(
    probe.watch(
      {
        trial: "t",
        target: "desktop",
        endpoint: () => endpoint,
        spec: wanted,
        start: after(origin, milliseconds(5)),
        grid: probe.effective(wanted, endpoint),
      },
      (sample) => samples.push(sample),
      stop.signal,
    ),
  );
  return samples;
}

describe("watch", () => {
  it("gives each point of the grid exactly one sample, in order, whatever attempts and prober do", async () => {
    const scenarios = fc.record({
      period: fc.integer({ min: 20, max: 1000 }),
      maximum: fc.integer({ min: 1, max: 10 }),
      seed: fc.nat(),
      stall: fc.integer({ min: 0, max: 4000 }),
    });
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const samples = await virtualWatch(scenario);
        const limit = 30 * scenario.period;
        const last = samples.at(-1)?.scheduled_ms ?? 0;
        expect(samples.map((sample) => sample.seq)).toEqual([...samples.keys()]);
        expect(last + scenario.period + scenario.stall).toBeGreaterThan(limit - scenario.period);
        for (const sample of samples) {
          expect(sample.scheduled_ms).toBe(5 + sample.seq * scenario.period);
          expect(sample.started_ms).toBeGreaterThanOrEqual(sample.scheduled_ms);
          expect(sample.ended_ms - sample.started_ms).toBeLessThan(2000.001);
          const late = sample.started_ms - sample.scheduled_ms > scenario.period / 2;
          expect(sample.result.kind === "unobserved" && sample.result.why === "late").toBe(late);
        }
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it("starts attempts on the grid though earlier ones still hang", async () => {
    const fake = await desktop({ speak: async () => await Promise.resolve() });
    const samples = await observe(fake, { period_ms: 40, attempt_timeout_ms: 300 }, 400);
    const starts = samples.filter((sample) => sample.result.kind === "bad");
    expect(starts.length).toBeGreaterThan(4);
    for (const sample of starts) {
      expect(sample.started_ms - sample.scheduled_ms).toBeLessThan(20.001);
      expect(sample.ended_ms - sample.started_ms).toBeGreaterThan(295);
    }
  });

  it("skips points while too many hang, and says so", async () => {
    const fake = await desktop({ speak: async () => await Promise.resolve() });
    const wanted = { period_ms: 40, attempt_timeout_ms: 300, max_in_flight: 2 };
    const samples = await observe(fake, wanted, 250);
    const skipped = samples.filter(
      ({ result }) => result.kind === "unobserved" && result.why === "skipped",
    );
    expect(skipped.length).toBeGreaterThanOrEqual(1);
  });

  it("follows its endpoint when that changes", async () => {
    const first = await desktop({ speak: speakRfb({ name: "one" }) });
    const second = await desktop({ speak: speakRfb({ name: "two" }) });
    let count = 0;
    const samples = await observe(
      () => novnc(count++ < 3 ? first : second),
      { period_ms: 40 },
      320,
    );
    const names = samples.flatMap(({ result }) =>
      result.kind === "good" ? [result.instance] : [],
    );
    expect(names.slice(0, 3)).toEqual(["one", "one", "one"]);
    expect(names.slice(3, 5)).toEqual(["two", "two"]);
  });

  it("leaves RFB alone after it was locked out, and calls the gap self-inflicted", async () => {
    let upgrades = 0;
    const fake = await desktop({
      speak: async (line) => {
        upgrades += 1;
        line.send("RFB 003.003\n", u32(0), text("Too many security failures"));
        await line.read(12);
      },
    });
    const samples = await observe(fake, { period_ms: 50 }, 400);
    expect(upgrades).toBeLessThanOrEqual(3);
    const gap = samples.filter(
      ({ result }) => result.kind === "unobserved" && result.why === "self-inflicted",
    );
    expect(gap.length).toBeGreaterThan(2);
    for (const { result } of samples) {
      expect(result.kind).toBe("unobserved");
    }
  });

  it("has no more than four handshakes under way at once, though a healthy server is slow", async () => {
    let underWay = 0;
    let most = 0;
    const fake = await desktop({
      speak: async (line) => {
        underWay += 1;
        most = Math.max(most, underWay);
        const send = line.send.bind(line);
        line.send = (...parts) => {
          if (parts.length === 4) underWay -= 1;
          send(...parts);
        };
        await new Promise((resolve) => {
          setTimeout(resolve, 150);
        });
        await speakRfb()(line);
      },
    });
    const samples = await observe(fake, { period_ms: 25, max_in_flight: 16 }, 700);
    expect(most).toBe(4);
    expect(samples.filter(({ result }) => result.kind === "bad")).toEqual([]);
    expect(samples.filter(({ result }) => result.kind === "good").length).toBeGreaterThan(4);
  });

  it("rejects with what its listener throws: that is a bug", async () => {
    const probe = createProbe({ clock: new SystemClock(), secrets });
    const clock = new SystemClock();
    const endpoint = novnc(nowhere);
    const watching = probe.watch(
      {
        trial: "t",
        target: "control",
        endpoint: () => endpoint,
        spec,
        start: clock.now(),
        grid: { ...probe.effective(spec, endpoint), period: milliseconds(20) },
      },
      () => {
        throw new Error("listener");
      },
      new AbortController().signal,
    );
    await expect(watching).rejects.toThrow("listener");
  });

  it("calls a healthy desktop good at the finest grid of a lab, and leaves no socket behind", async () => {
    const fake = await desktop();
    const clock = new ScaledClock({
      speed: 60,
      origin_hrtime_ns: String(process.hrtime.bigint()),
      origin_wall: "2026-01-01T00:00:00.000Z",
    });
    const before = openSockets();
    const samples = await observe(fake, { period_ms: 1200 }, 4000, clock);
    expect(samples.length).toBeGreaterThan(100);
    const bad = samples.filter(({ result }) => result.kind === "bad");
    // A few, for a machine that is busy with other tests; the lab's own self-test allows none.
    expect(bad.length).toBeLessThanOrEqual(samples.length / 20);
    await expect.poll(() => openSockets(), { timeout: 3000 }).toBe(before);
    await expect.poll(() => fake.open(), { timeout: 3000 }).toBe(0);
  });
});

const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => /TCPSocket|TLS/.test(name)).length;

/** Watches for `real_ms`, then stops. */
async function observe(
  target: FakeDesktop | (() => Endpoint),
  wanted: Partial<ProbeSpec>,
  real_ms: number,
  clock: Clock = new SystemClock(),
): Promise<readonly Sample[]> {
  const endpoint = typeof target === "function" ? target : () => novnc(target);
  const probe = createProbe({ clock, secrets });
  const full = { ...spec, ...wanted };
  const grid = probe.effective(full, novnc(nowhere));
  const samples: Sample[] = [];
  const stop = new AbortController();
  setTimeout(() => stop.abort(), real_ms);
  const start = clock.now();
  await probe.watch(
    { trial: "t", target: "desktop", endpoint, spec: full, start, grid },
    (sample) => samples.push(sample),
    stop.signal,
  );
  expect(samples[0]?.scheduled_ms).toBe(instantInMs(start));
  return samples;
}
