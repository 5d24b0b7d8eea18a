import { describe, expect, it } from "vitest";
import { origin } from "../../../src/base/time.ts";
import { OperatingError } from "../../../src/base/errors.ts";
import { jsonTerminal, logEvents, logged } from "../../../src/cli/live/json-log.ts";
import { logJsonSchema, logLine } from "../../../src/cli/live/log-schema.ts";
import { showable } from "../../../src/cli/showable.ts";
import type { Terminal } from "../../../src/cli/terminal.ts";
import { LiveFeed } from "../../../src/live/live-feed.ts";
import { hostile } from "../../support/fake-report.ts";
import { fakeRun } from "../../support/fake-run.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";
import { toldRun } from "../../support/told-run.ts";

function setUp(): { readonly terminal: Terminal; readonly lines: () => readonly string[] } {
  const { terminal, err } = fakeTerminal(80);
  return { terminal, lines: () => err().split("\n").slice(0, -1) };
}

const wall = (): string => "2026-01-01T00:00:00.000Z";

/** All that a run tells, as its log. */
function logOf(worded: (text: string) => string = (text) => text): readonly string[] {
  const { terminal, lines } = setUp();
  const { log } = jsonTerminal(terminal, wall);
  const feed = new LiveFeed({
    clock: { speed: 1, now: () => origin },
    expect: () => () => null,
    onDropped: (_, error) => {
      throw error;
    },
    onUnknown: (_, error) => {
      throw error;
    },
  });
  logEvents(feed, log);
  const none = { detection: null, fencing: null, placement: null, start: null, service: null };
  const expected = { recovery_ms: [1, 2], phases_ms: none, trial_ms: [3, 4] } as const;
  for (const [event] of toldRun(fakeRun({ trials: 10 }), { expected, spoil: worded })) {
    if (event.kind !== "sample") log(event);
  }
  feed.stopping(`interrupted by ${worded("the page")}`);
  return lines();
}

const spoil = (text: string): string => `${hostile}\u001b[2J\u009b31m\u2028${text}\n${hostile}`;

describe("the JSON log", () => {
  it("of a whole run holds against its schema, line by line, and ends with the judgement", () => {
    const lines = logOf();
    const kinds = new Set<string>();
    for (const line of lines) kinds.add(logLine.parse(JSON.parse(line)).kind);
    expect([...kinds].toSorted()).toEqual([
      "record",
      "run-ended",
      "run-judged",
      "run-started",
      "step",
      "stopping",
      "trial-ended",
      "trial-started",
    ]);
    expect(JSON.parse(lines.at(-2) ?? "")).toMatchObject({
      kind: "run-judged",
      folder: "reports/fake",
      verdict: "pass",
      exit_code: 0,
    });
  });

  it("has no sample in it, and no line that is not one", () => {
    expect(logOf().some((line) => line.includes('"kind":"sample"'))).toBe(false);
  });

  it("steers no terminal, whatever others have worded: not as it is, and not when its texts are shown", () => {
    for (const line of logOf(spoil)) {
      expect(showable(line)).toBe(line);
      expect(JSON.stringify(JSON.parse(line))).not.toMatch(/\\u001b|\\n|[\p{Cf}\u2028]/u);
      expect(logLine.safeParse(JSON.parse(line)).success).toBe(true);
    }
  });

  it("takes what else is written to standard error as messages, a line each", () => {
    const { terminal, lines } = setUp();
    const told = jsonTerminal(terminal, wall);
    told.err("warning: one\n\ntwo\n");
    expect(told.bottom).toBeNull();
    expect(lines().map((line) => logLine.parse(JSON.parse(line)))).toEqual([
      { wall: wall(), kind: "message", text: "warning: one" },
      { wall: wall(), kind: "message", text: "two" },
    ]);
  });

  it("is described in draft 7, each kind of line", () => {
    expect(logJsonSchema()).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "blackout log",
    });
    expect(JSON.stringify(logJsonSchema())).toContain('"const":"run-judged"');
  });
});

const broken = async (): Promise<never> =>
  await Promise.reject(new OperatingError("unsafe", "nothing has been done"));

describe("logged", () => {
  it("tells an error as the last line, with the exit code that it gives", async () => {
    const { terminal, lines } = setUp();
    expect(await logged({ log: "json" }, terminal, broken)).toBe(4);
    expect(logLine.parse(JSON.parse(lines().at(-1) ?? ""))).toMatchObject({
      kind: "error",
      text: "nothing has been done",
      exit_code: 4,
    });
  });

  it("leaves all as it is where no log is asked for", async () => {
    const { terminal, lines } = setUp();
    await expect(logged({ log: "lines" }, terminal, broken)).rejects.toThrow("nothing");
    expect(
      await logged({}, terminal, async (same) => await Promise.resolve(same === terminal ? 0 : 1)),
    ).toBe(0);
    expect(lines()).toEqual([]);
  });
});
