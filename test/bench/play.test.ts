import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { originOf } from "../../bench/accuracy/clock-origin.ts";
import { judge } from "../../bench/accuracy/judge.ts";
import { Prober, specFor } from "../../bench/accuracy/prober.ts";
import { TruthBook } from "../../bench/play/truth-book.ts";
import type { PlayerLine } from "../../bench/player/lines.ts";
import { playerLine } from "../../bench/player/lines.ts";
import type { PlannedOutage } from "../../bench/player/outage.ts";
import { playAll } from "../../bench/player/play.ts";
import { PlayedDesktop } from "../../bench/player/played-desktop.ts";
import { pollPage } from "../../bench/peers/poller.ts";
import { machineNs } from "../../bench/player/truth.ts";
import { present } from "../../src/base/assert.ts";
import { createLabNetwork } from "../../src/lab/network/create-network.ts";
import { milliseconds } from "../../src/base/time.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { createProbe } from "../../src/probe/create-probe.ts";
import { secrets } from "../probe/attempts.ts";

const clock = new SystemClock();
const flap = { as: { kind: "reset" }, up_before_ms: 5, down_ms: 5 } as const;

describe("playAll", () => {
  it("tells what it opens, does and closes, each act with its span, in the order of the clock", async () => {
    const network = await createLabNetwork(clock);
    const lines: PlayerLine[] = [];
    const began = machineNs();
    const outage = {
      kind: "flapping",
      period_ms: 50,
      hiccup: { up_before_ms: 5, down_ms: 5 },
      answer_ms: 0,
      watched_ms: 5,
      rest_ms: 5,
    } as const;
    await playAll(
      ["a", "b"].map((id) => ({ ...outage, id, downs: [flap, flap] })),
      1,
      {
        clock,
        host: async (name) => await network.addHost(name),
        control: "127.0.0.1",
        tell: (line) => lines.push(playerLine.parse(JSON.parse(JSON.stringify(line)))),
        signal: new AbortController().signal,
      },
    );
    await network.close();
    const acts = ["opened", "hiccup", "down", "up", "down", "up", "watched", "closed"];
    expect(lines.map(({ kind }) => kind)).toEqual([...acts, ...acts]);
    const stamps = lines.flatMap((line) => ("span_ns" in line ? line.span_ns : []));
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
    expect(stamps[0]).toBeGreaterThan(began);
    expect(stamps.at(-1)).toBeLessThan(machineNs());
  });
});

describe("Prober", () => {
  it("watches the control target, too, and meets the hiccup before the loss", async () => {
    const network = await createLabNetwork(clock);
    const control = new PlayedDesktop(await network.addHost("control"), 0);
    await control.open();
    const probe = createProbe({ clock, secrets });
    const prober = new Prober({ clock, random: new SeededRandom(1), probe });
    const book = new TruthBook();
    const outage: PlannedOutage = {
      id: "a",
      kind: "silent",
      period_ms: 50,
      hiccup: { up_before_ms: 500, down_ms: 150 },
      downs: [{ as: { kind: "silent" }, up_before_ms: 500, down_ms: 300 }],
      answer_ms: 0,
      watched_ms: 100,
      rest_ms: 0,
    };
    await playAll([outage], 1, {
      clock,
      host: async (name) => await network.addHost(name),
      control: control.address,
      tell: (line) => {
        book.take(line);
        prober.take(line);
      },
      signal: new AbortController().signal,
    });
    await prober.end();
    await network.close();
    const samples = prober.samplesOf("a");
    const ofControl = samples.filter(({ target }) => target === "control");
    expect(ofControl.length).toBeGreaterThan(10);
    expect(ofControl.filter(({ result }) => result.kind === "bad")).toEqual([]);
    const { hanging } = judge(present(book.truths()[0], "the outage"), samples, {
      origin: originOf(clock),
      spec: specFor(50),
      random: new SeededRandom(1),
    });
    expect(hanging).toBeGreaterThan(0);
  });
});

describe("pollPage", () => {
  it("polls one after the other, pauses after each answer, and calls late ones and all but 200 bad", async () => {
    const answers = [200, 503, 0, 200];
    const server = createServer((_request, response) => {
      const status = answers.shift() ?? 200;
      if (status !== 0) response.writeHead(status).end("page");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vnc.html`;
    const stop = new AbortController();
    const method = { pause_ms: 20, timeout_ms: 150 };
    const polling = pollPage(url, { method, delay_ms: 0 }, { clock, stop: stop.signal });
    while (answers.length > 0) await clock.sleep(milliseconds(10), stop.signal);
    await clock.sleep(milliseconds(100), stop.signal);
    stop.abort();
    const polls = await polling;
    server.closeAllConnections();
    server.close();
    expect(polls.slice(0, 4).map(({ good }) => good)).toEqual([true, false, false, true]);
    const tookMs = polls.map(({ began_ns, ended_ns }) => (ended_ns - began_ns) / 1e6);
    expect(tookMs[2]).toBeGreaterThan(140);
    const pausesMs = polls
      .slice(1)
      .map(({ began_ns }, index) => (began_ns - (polls[index]?.ended_ns ?? 0)) / 1e6);
    expect(Math.min(...pausesMs)).toBeGreaterThan(19);
  });
});
