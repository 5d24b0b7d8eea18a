import { describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import { closingAfter } from "../../src/cli/closing.ts";
import { judgeRun } from "../../src/cli/judge-run.ts";
import { lastWords, OpenRun } from "../../src/cli/last-words.ts";
import type { Judgement } from "../../src/live/live-event.ts";
import type { RunEnd } from "../../src/model/journal.ts";
import { FakeStudy } from "../support/fake-study.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";
import { fakeWholeRun } from "../support/fake-whole-run.ts";

const full = new OperatingError("environment", "the disk is full");
const broken = { close: async (): Promise<void> => await Promise.reject(full) };

describe("closingAfter", () => {
  it("gives what came of it although files cannot be closed, closes each, and says why not", async () => {
    const closed: string[] = [];
    const good = { close: async () => await Promise.resolve(void closed.push("good")) };
    const ended = await closingAfter([broken, good], async () => await Promise.resolve("ending"));
    expect(ended).toEqual({ value: "ending", unsaved: [full] });
    expect(closed).toEqual(["good"]);
  });

  it("rejects with what went wrong first, not with a file that cannot be closed then", async () => {
    const first = new Error("first");
    const act = async (): Promise<never> => await Promise.reject(first);
    await expect(closingAfter([broken], act)).rejects.toBe(first);
  });
});

describe("judgeRun", () => {
  const nowhere = { path: "/none", plan: "/none/plan", journal: "/none/journal", samples: "/none" };
  async function judgedAs(end: RunEnd) {
    const { terminal, err } = fakeTerminal(80);
    const told: Judgement[] = [];
    const judged = (judgement: Judgement): void => void told.push(judgement);
    const { signal: stop } = new AbortController();
    const run = { folder: nowhere, ending: { end, detail: "" }, unsaved: [full], stop, judged };
    return { code: await judgeRun(run, terminal), err: err(), told };
  }

  it.each([
    ["not-restored", 5],
    ["refused", 4],
    ["failed", 2],
    ["completed", 2],
  ] as const)(
    "of a run that ended as %s on a full disk exits %i, says both, and tells what it came to",
    async (end, code) => {
      const { code: seen, err, told } = await judgedAs(end);
      expect(seen).toBe(code);
      expect(told).toEqual([{ folder: "/none", verdict: null, exit_code: code }]);
      expect(err).toMatch(/error: the disk is full\nerror: Cannot read the plan/u);
    },
  );
});

/** What would be said after each record of a whole run, by its kind. */
async function saidDuring(study: FakeStudy) {
  const open = new OpenRun();
  open.folder = "reports/run";
  const said = new Map<string, ReturnType<typeof lastWords>>();
  const journal = open.hearing(study.journal());
  const watched: typeof journal = {
    append: async (event) => {
      const record = await journal.append(event);
      said.set(event.kind, lastWords("SIGINT", open));
      return record;
    },
    commit: async (event) => await watched.append(event),
  };
  await study.clock.runUntilSettled(fakeWholeRun(study, { journal: watched }));
  return said;
}

describe("the second Ctrl-C", () => {
  const settled = {
    code: 130,
    headline:
      "Left at once on a second SIGINT; nothing is left to take back. Its report: blackout report reports/run",
    lines: [],
  };
  const locked = "fake: its lock is held, and keeps every run out";

  it("names what is owed, the lock too, and the command, from before the first act to after the last", async () => {
    const said = await saidDuring(new FakeStudy());
    expect(said.get("run-started")).toEqual(settled);
    const command = expect.stringContaining("blackout restore reports/run.");
    expect(said.get("lock-wanted")).toEqual({ code: 5, headline: command, lines: [locked] });
    expect(said.get("fault-requested")).toEqual({
      code: 5,
      headline: command,
      lines: [expect.stringContaining("pve2 is switched on"), expect.any(String), locked],
    });
    // All acts are taken back, and the lock is not yet.
    expect(said.get("trial-ended")).toEqual({ code: 5, headline: command, lines: [locked] });
    expect(said.get("lock-released")).toEqual(settled);
  });
});
