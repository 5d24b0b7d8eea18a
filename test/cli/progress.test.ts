import { describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import { jsonTerminal } from "../../src/cli/live/json-log.ts";
import { progressFor } from "../../src/cli/progress/for-run.ts";
import type { Bottom } from "../../src/cli/terminal.ts";
import type { Progress } from "../../src/contracts/progress.ts";
import { Interrupted } from "../../src/platform/signal-trap.ts";
import { fakeRun } from "../support/fake-run.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const run = fakeRun({ trials: 1 });
const first = present(run.plan.trials[0], "a trial");

function setUp(
  asked: Parameters<typeof progressFor>[0] = {},
  {
    json = false,
    bottom = null,
  }: { readonly json?: boolean; readonly bottom?: Bottom | null } = {},
) {
  const stop = new AbortController();
  const { terminal: silent, err } = fakeTerminal(80);
  const plain = { ...silent, bottom };
  const terminal = json ? jsonTerminal(plain, () => "2026-01-01T00:00:00.000Z") : plain;
  const view = progressFor(asked, terminal, { clock: new VirtualClock(), stop: stop.signal });
  return { view, stop, err };
}

/** One trial that ends before anything is known of it, and somebody who has had enough. */
function play({ view, stop }: ReturnType<typeof setUp>): void {
  view.progress.runStarted(run.plan);
  view.progress.trialStarted(first);
  stop.abort(new Interrupted("SIGTERM"));
  view.progress.trialEnded(first);
}

describe("progressFor", () => {
  it("tells in lines where the terminal is none: each trial that ends, and why it stops", () => {
    const parts = setUp();
    play(parts);
    expect(parts.err()).toMatch(
      /^interrupted by SIGTERM; healing first \(a second Ctrl-C leaves at once\)\n\[1\/3\] proxmox-guest #1: interrupted: .*\n$/u,
    );
  });

  it("says after the end of a run that the report is being written, and of healing only where there is any", () => {
    for (const [end, comesFirst] of [
      ["completed", "nothing is left to heal, and the report is being written"],
      ["not-restored", "the run is over, and its report is being written"],
    ] as const) {
      const { view, stop, err } = setUp();
      view.progress.runStarted(run.plan);
      view.progress.runEnded({ end, detail: "" });
      stop.abort(new Interrupted("SIGINT"));
      expect(err()).toBe(`interrupted by SIGINT; ${comesFirst} (a second Ctrl-C leaves at once)\n`);
    }
  });

  it("takes the screen away when whatever it shows is told nothing more, and says so", () => {
    let taken = false;
    let screen = "";
    const bottom: Bottom = {
      lend: (take) => (taken = take !== null),
      write: (text) => (screen += text),
      erase: () => undefined,
    };
    const { view, err } = setUp({}, { bottom });
    expect(taken).toBe(true);
    const broken = { ...run.plan, experiment: { ...run.plan.experiment, arms: null } };
    view.progress.runStarted(broken as unknown as typeof run.plan);
    expect(taken).toBe(false);
    expect(screen).toBe("");
    expect(err()).toMatch(
      /^warning: the live view is told nothing more of this run, which goes on: /u,
    );
  });

  it("says nothing where it is to be quiet", () => {
    const parts = setUp({ quiet: true });
    play(parts);
    expect(parts.err()).toBe("");
  });

  it("tells in JSON lines where that is asked for, also what came of it after it was closed", async () => {
    const parts = setUp({ log: "json" }, { json: true });
    play(parts);
    await parts.view.close();
    parts.view.judged({ folder: "reports/x", verdict: null, exit_code: 2 });
    const lines: readonly unknown[] = parts
      .err()
      .split("\n")
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      {
        kind: "run-started",
        trials: 3,
        arms: [{ expected: { recovery_ms: [expect.any(Number), expect.any(Number)] } }, {}, {}],
      },
      { kind: "trial-started" },
      { kind: "stopping", why: "interrupted by SIGTERM" },
      { kind: "trial-ended", result: { outcome: { kind: "interrupted" } } },
      { kind: "run-judged", verdict: null, exit_code: 2 },
    ]);
  });

  it("lets others join, drops one that throws, and says so once", () => {
    const { view, err } = setUp();
    const heard: string[] = [];
    const friend = (name: string, breaks: boolean): Progress => {
      const hear = (): void => {
        heard.push(name);
        if (breaks) throw new Error("oops");
      };
      return {
        runStarted: hear,
        trialStarted: hear,
        step: hear,
        record: hear,
        sample: hear,
        trialEnded: hear,
        desktop: hear,
        runEnded: hear,
      };
    };
    view.join("the page", friend("page", true));
    view.join("another", friend("other", false));
    view.progress.runStarted(run.plan);
    view.progress.trialStarted(first);
    view.progress.desktop(first, null);
    expect(heard).toEqual(["page", "other", "other", "other"]);
    expect(err()).toBe("warning: the page is told nothing more of this run, which goes on: oops\n");
    expect(view.feed.state.trial?.trial).toBe(first.id);
  });
});
