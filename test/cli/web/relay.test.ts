import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seconds } from "../../../src/base/time.ts";
import { Relay } from "../../../src/cli/web/relay.ts";
import { closeCode } from "../../../src/cli/web/viewer.ts";
import type { SpanMs } from "../../../src/base/interval.ts";
import type { NovncEndpoint, TicketEndpoint } from "../../../src/contracts/endpoint.ts";
import type { LookAt } from "../../../src/contracts/viewing.ts";
import type { Sample, SampleResult } from "../../../src/model/sample.ts";
import { fakeExperiment } from "../../support/fake-experiment.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import type { FakeBrowser } from "./a-viewer.ts";
import { FakeStream, socketsTo } from "./a-viewer.ts";

const patience = { timeout: 5000, interval: 5 };
const trial = { id: "001-proxmox-guest-1", arm: "proxmox-guest", repetition: 1, seed: 1 };
const [{ probe: spec }] = fakeExperiment(1, 1).arms as unknown as readonly [
  { readonly probe: LookAt["spec"] },
];
const page: NovncEndpoint = {
  kind: "novnc",
  page_url: "http://127.0.0.1:1/vnc.html",
  websocket_url: "ws://127.0.0.1:1/websockify",
  host_header: null,
  vnc_password: null,
  ca_pem: null,
};
const pveConsole: TicketEndpoint = {
  kind: "ticket",
  minimum_period_ms: 1000,
  address: () => ({ host: "127.0.0.1", port: 1 }),
  open: async () => await Promise.reject(new Error("not asked for in this test")),
};
const fault = { kind: "power", action: "off", over: "ipmi" } as const;
const whereabouts = { node: "pve3", instance: "boot 2" };
const grid = { period: seconds(1), connectTimeout: seconds(1), attemptTimeout: seconds(2) };
const good: SampleResult = { kind: "good", instance: "boot 1" };
const bad: SampleResult = { kind: "bad", reached: null, failure: { kind: "refused" } };

describe("Relay", () => {
  let clock: VirtualClock;
  let real: VirtualClock;
  let streams: FakeStream[];
  let viewed: (readonly [string, SpanMs])[];
  let told: string[];
  let relay: Relay;
  let sockets: Awaited<ReturnType<typeof socketsTo>>;

  beforeEach(async () => {
    clock = new VirtualClock();
    real = new VirtualClock();
    [streams, viewed, told] = [[], [], []];
    relay = new Relay({
      clock,
      real,
      views: {
        view: async (_look, signal) => {
          const stream = new FakeStream(signal);
          streams.push(stream);
          return await Promise.resolve(stream);
        },
      },
      lookAt: (id, way) => ({ trial: id, endpoint: way.endpoint(), spec: way.spec, grid }),
      viewed: (id, span) => viewed.push([id, span]),
      tell: ({ state }) => told.push(state),
    });
    sockets = await socketsTo((socket) => {
      void relay.watch(socket);
    });
  });
  afterEach(async () => {
    relay.close();
    await sockets.close();
  });

  const samples = (
    result: SampleResult,
    count: number,
    target: Sample["target"] = "desktop",
  ): void => {
    for (let seq = 0; seq < count; seq++) {
      relay.sample({
        seq,
        trial: trial.id,
        target,
        scheduled_ms: 0,
        started_ms: 0,
        ended_ms: 0,
        result,
      });
    }
  };
  const desktopThatAnswers = (endpoint: NovncEndpoint | TicketEndpoint = page): void => {
    relay.desktop(trial, { endpoint: () => endpoint, spec });
    samples(good, spec.consecutive);
  };
  const viewing = async (): Promise<{ browser: FakeBrowser; stream: FakeStream }> => {
    const browser = await sockets.connect();
    browser.greets();
    await expect.poll(() => streams.length, patience).toBeGreaterThan(0);
    const stream = streams.at(-1);
    if (stream === undefined) throw new Error("no view was opened");
    await expect.poll(() => browser.received.length, patience).toBeGreaterThan(42);
    return { browser, stream };
  };

  it("ends RFB on both sides: no security towards the browser, and a plain name", async () => {
    desktopThatAnswers();
    const { browser } = await viewing();
    const text = browser.received.toString("latin1");
    expect(text.startsWith("RFB 003.008\n\u0001\u0001\0\0\0\0")).toBe(true);
    const init = browser.received.subarray(18);
    expect(init.readUInt16BE(0)).toBe(800);
    expect(init.subarray(24).toString()).toBe("guest boot 1");
    expect(init.readUInt32BE(20)).toBe("guest boot 1".length);
  });

  it("lets pictures through to the browser, and requests alone to the desktop", async () => {
    desktopThatAnswers();
    const { browser, stream } = await viewing();
    const before = browser.received.length;
    stream.gives(Buffer.from("pixels"));
    await expect.poll(() => browser.received.length, patience).toBe(before + 6);
    browser.send(4, 1, 0, 0, 0, 0, 0, 0x61);
    browser.send(5, 1, 0, 10, 0, 20);
    browser.send(3, 1, 0, 0, 0, 0, 3, 32, 2, 88);
    await real.runUntilSettled(expect.poll(() => stream.sent.length, patience).toBe(1));
    expect(stream.sent[0]?.toString("hex")).toBe("03010000000003200258");
  });

  it("sends away who says what no viewer says", async () => {
    desktopThatAnswers();
    const { browser, stream } = await viewing();
    browser.send(255, 0, 0, 0);
    expect(await browser.closed).toBe(closeCode.refused);
    await expect.poll(() => stream.closed, patience).toBe(true);
  });

  it("asks no desktop for a browser that does not speak RFB", async () => {
    desktopThatAnswers();
    const browser = await sockets.connect();
    browser.socket.send(Buffer.from("GET / HTTP/1.1\r\n"));
    expect(await browser.closed).toBe(closeCode.refused);
    expect(streams).toEqual([]);
  });

  it("shows nothing before the desktop answers, in its outage, or when there is none", async () => {
    expect(relay.view).toEqual({ trial: null, state: "absent" });
    relay.desktop(trial, { endpoint: () => page, spec });
    expect(relay.view.state).toBe("silent");
    samples(good, spec.consecutive - 1);
    expect(relay.view.state).toBe("silent");
    const early = await sockets.connect();
    expect(await early.closed).toBe(closeCode.notNow);
    samples(good, 1);
    expect(relay.view).toEqual({ trial: trial.id, state: "free" });
    relay.desktop(trial, null);
    const late = await sockets.connect();
    expect(await late.closed).toBe(closeCode.notNow);
    expect(streams).toEqual([]);
  });

  it("takes a single bad sample, and the control target's, for nothing", () => {
    desktopThatAnswers();
    samples(bad, 1);
    samples({ kind: "unobserved", why: "late", detail: "" }, 3);
    samples(bad, 5, "control");
    expect(relay.view.state).toBe("free");
    samples(bad, 1);
    expect(relay.view.state).toBe("silent");
  });

  it("closes the view when the samples turn bad, and may be asked again when the trial calls it answering", async () => {
    desktopThatAnswers();
    const { browser, stream } = await viewing();
    samples(bad, 2);
    expect(await browser.closed).toBe(closeCode.gone);
    await expect.poll(() => stream.closed, patience).toBe(true);
    await real.runUntilSettled(real.sleep(seconds(2), new AbortController().signal));
    samples(good, spec.consecutive - 1);
    expect(relay.view.state).toBe("silent");
    samples(good, 1);
    expect(relay.view.state).toBe("free");
    expect(told).toEqual(["silent", "free", "watched", "silent", "free"]);
  });

  it("closes the view before the fault is injected, and lets nobody back while the desktop still answers, or its outage is measured", async () => {
    desktopThatAnswers();
    const { browser, stream } = await viewing();
    relay.record({ kind: "fault-requested", trial: trial.id, fault, victim: "pve2" });
    // At once: the next that the trial does is the kill.
    expect(stream.closed).toBe(true);
    expect(await browser.closed).toBe(closeCode.gone);
    expect(relay.view.state).toBe("measured");
    await real.runUntilSettled(real.sleep(seconds(2), new AbortController().signal));
    samples(good, spec.consecutive);
    samples(bad, 5);
    samples(good, spec.consecutive);
    expect(relay.view.state).toBe("measured");
    const early = await sockets.connect();
    expect(await early.closed).toBe(closeCode.notNow);
    relay.record({ kind: "answering-again", trial: "another", whereabouts });
    expect(relay.view.state).toBe("measured");
    relay.record({ kind: "answering-again", trial: trial.id, whereabouts });
    expect(relay.view.state).toBe("free");
    await viewing();
    expect(told).toEqual(["silent", "free", "watched", "measured", "free", "watched"]);
  });

  it.each([
    { kind: "never-lost" },
    { kind: "fault-not-confirmed", detail: "no proof" },
    { kind: "undo-done", id: 3 },
  ] as const)("lets viewers back where there is no outage to be measured: $kind", (fact) => {
    desktopThatAnswers();
    relay.record({ kind: "fault-requested", trial: trial.id, fault, victim: "pve2" });
    expect(relay.view.state).toBe("measured");
    relay.record({ ...fact, trial: trial.id });
    expect(relay.view.state).toBe("free");
  });

  it("calls a desktop silent that is still down when its outage has been measured", () => {
    desktopThatAnswers();
    relay.record({ kind: "fault-requested", trial: trial.id, fault, victim: "pve2" });
    samples(bad, 5);
    relay.record({ kind: "still-down", trial: trial.id, limit_ms: 1000 });
    expect(relay.view.state).toBe("silent");
  });

  it("closes the view before the desktop is removed, and tells when it was watched", async () => {
    desktopThatAnswers();
    await clock.runUntilSettled(clock.sleep(seconds(3), new AbortController().signal));
    const { browser, stream } = await viewing();
    await clock.runUntilSettled(clock.sleep(seconds(4), new AbortController().signal));
    relay.desktop(trial, null);
    await Promise.resolve();
    await expect.poll(() => stream.closed, patience).toBe(true);
    expect(await browser.closed).toBe(closeCode.gone);
    expect(viewed).toEqual([[trial.id, [3000, 7000]]]);
  });

  it("shows a desktop to one browser at a time, and a second later to the next", async () => {
    desktopThatAnswers();
    const { browser } = await viewing();
    expect(relay.view.state).toBe("watched");
    const second = await sockets.connect();
    expect(await second.closed).toBe(closeCode.notNow);
    browser.socket.close();
    await expect.poll(() => relay.view.state, patience).toBe("resting");
    await real.runUntilSettled(real.sleep(seconds(1.1), new AbortController().signal));
    expect(relay.view.state).toBe("free");
    expect(streams).toHaveLength(1);
  });

  it("opens a console once a minute at the most", async () => {
    desktopThatAnswers(pveConsole);
    const { browser } = await viewing();
    browser.socket.close();
    await expect.poll(() => relay.view.state, patience).toBe("resting");
    const { signal } = new AbortController();
    await clock.runUntilSettled(clock.sleep(seconds(59), signal));
    expect(relay.view.state).toBe("resting");
    await clock.runUntilSettled(clock.sleep(seconds(2), signal));
    expect(relay.view.state).toBe("free");
  });

  it("stops reading the desktop while the browser does not read", async () => {
    desktopThatAnswers();
    const { browser, stream } = await viewing();
    browser.socket.pause();
    const piece = Buffer.alloc(1_000_000);
    for (let count = 0; count < 40 && !stream.pauses.includes(true); count++) {
      stream.gives(piece);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect(stream.pauses.at(-1)).toBe(true);
    browser.socket.resume();
    await expect.poll(() => stream.pauses.at(-1), patience).toBe(false);
  });

  it("ends the view when the desktop breaks", async () => {
    desktopThatAnswers();
    const { browser, stream } = await viewing();
    stream.breaks();
    expect(await browser.closed).toBe(closeCode.gone);
  });
});
