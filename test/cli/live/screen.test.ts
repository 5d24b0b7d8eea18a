import { createColors } from "picocolors";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { instantFromMs } from "../../../src/base/time.ts";
import { liveScreen } from "../../../src/cli/live/screen.ts";
import { LiveFeed } from "../../../src/live/live-feed.ts";
import { fakeRun } from "../../support/fake-run.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A terminal that keeps its lines, and one run on it. */
function setUp() {
  const size = { columns: 80, rows: 24 };
  const lines: string[] = [];
  const erased: number[] = [];
  let [draws, now] = [0, 0];
  const dropped: string[] = [];
  const onDropped = (name: string): void => {
    dropped.push(name);
  };
  const clock = { speed: 60, now: () => instantFromMs(now) };
  const feed = new LiveFeed({ clock, expect: () => () => null, onDropped, onUnknown: onDropped });
  const write = (text: string): void => {
    draws += 1;
    lines.push(...text.split("\n").slice(0, -1));
  };
  let taker: ((text: string) => void) | null = null;
  const bottom = {
    lend: (take: ((text: string) => void) | null) => {
      taker = take;
    },
    write,
    erase: (count: number) => {
      erased.push(count);
      lines.splice(-count);
    },
  };
  const err = (text: string): void => (taker ?? write)(text);
  const terminal = { colours: createColors(false), err };
  const run = fakeRun({ trials: 1 });
  const screen = liveScreen(feed, { terminal, bottom, clock, size: () => size, onDropped });
  const pass = (ms: number): void => {
    now += ms;
    vi.advanceTimersByTime(ms);
  };
  const first = present(run.plan.trials[0], "a trial");
  return { feed, run, first, screen, size, lines, err, erased, dropped, pass, draws: () => draws };
}

describe("liveScreen", () => {
  it("draws four times a second at the most, however much it is told", () => {
    const { feed, run, first, pass, draws } = setUp();
    feed.runStarted(run.plan);
    feed.trialStarted(first);
    for (let index = 0; index < 1000; index++) feed.step(first, `step ${index}`);
    expect(draws()).toBe(0);
    pass(1000);
    expect(draws()).toBe(4);
  });

  it("ticks without being told anything", () => {
    const { feed, run, first, lines, pass } = setUp();
    feed.runStarted(run.plan);
    feed.trialStarted(first);
    feed.step(first, "waiting for steady state");
    pass(1000);
    expect(lines.join("\n")).toMatch(/waiting for steady state {2}1 s$/mu);
    pass(41_000);
    expect(lines.join("\n")).toMatch(/waiting for steady state {2}42 s$/mu);
  });

  it("lets finished trials scroll away above it, and leaves nothing else behind", () => {
    const { feed, run, first, screen, lines, pass } = setUp();
    feed.runStarted(run.plan);
    feed.trialStarted(first);
    pass(500);
    feed.trialEnded(first);
    pass(250);
    expect(lines[0]).toMatch(/^proxmox-guest #1 {2}interrupted: /u);
    expect(lines.length).toBeGreaterThan(3);
    screen.close();
    expect(lines).toHaveLength(1);
    pass(5000);
    expect(lines).toHaveLength(1);
  });

  it("leaves what others write standing above it, at once and in its order", () => {
    const { feed, run, first, screen, lines, err, pass } = setUp();
    feed.runStarted(run.plan);
    feed.trialStarted(first);
    pass(250);
    feed.trialEnded(first);
    err("warning: a file is open to others\n");
    const ended = expect.stringMatching(/^proxmox-guest #1 {2}interrupted: /u);
    expect(lines).toEqual([ended, "warning: a file is open to others"]);
    pass(1000);
    err("not a whole line");
    pass(1000);
    expect(lines.slice(1, 4)).toEqual([
      "warning: a file is open to others",
      "not a whole line",
      expect.stringMatching(/^fake {2}at 60 times the speed/u),
    ]);
    screen.close();
    expect(lines).toHaveLength(3);
    err("the last word\n");
    expect(lines.at(-1)).toBe("the last word");
  });

  it("says after its end why the run stops, and that nothing is left to heal", () => {
    const { feed, run, first, screen, lines } = setUp();
    feed.runStarted(run.plan);
    feed.trialStarted(first);
    feed.trialEnded(first);
    feed.runEnded({ end: "completed", detail: "" });
    screen.close();
    screen.close();
    feed.stopping("interrupted by SIGINT");
    expect(lines.slice(1)).toEqual([
      "interrupted by SIGINT; nothing is left to heal, and the report is being written (a second Ctrl-C leaves at once)",
    ]);
  });

  it("says what ended since it was drawn last, when it is closed", () => {
    const { feed, run, first, screen, lines } = setUp();
    feed.runStarted(run.plan);
    feed.trialStarted(first);
    feed.trialEnded(first);
    screen.close();
    expect(lines).toEqual([expect.stringMatching(/^proxmox-guest #1 {2}interrupted: /u)]);
  });

  it("takes back the lines that a terminal which became narrower has made of its own", () => {
    const { feed, run, first, size, erased, pass } = setUp();
    feed.runStarted(run.plan);
    feed.trialStarted(first);
    pass(250);
    size.columns = 20;
    pass(250);
    const narrow = present(erased.at(-1), "an erasure");
    pass(250);
    const usual = present(erased.at(-1), "another");
    expect(narrow).toBeGreaterThan(usual);
  });

  it("that breaks is dropped, said once, and hurts nobody", () => {
    const { feed, run, size, dropped, pass } = setUp();
    feed.runStarted(run.plan);
    Object.defineProperty(size, "rows", {
      get: () => {
        throw new Error("no such terminal");
      },
    });
    pass(2000);
    expect(dropped).toEqual(["the screen"]);
  });
});
