import * as fc from "fast-check";
import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { columnsOf } from "../../../src/cli/live/row.ts";
import { screenRows } from "../../../src/cli/live/screen-rows.ts";
import { showable } from "../../../src/cli/showable.ts";
import type { LiveState } from "../../../src/live/live-state.ts";
import { hostile } from "../../support/fake-report.ts";
import { fakeRun } from "../../support/fake-run.ts";
import type { FakeFate } from "../../support/fake-trial.ts";
import type { Told } from "../../support/told-run.ts";
import { expectation as expected, toldRun } from "../../support/told-run.ts";

const SEED = 6;

const fates = [
  "recovers",
  "flaps",
  "still-down",
  "never-lost",
  "not-confirmed",
  "not-steady",
  "refused",
] as const;
const told = new Map<FakeFate, Told>(
  fates.map((fate) => [
    fate,
    toldRun(fakeRun({ trials: 2, fate: () => fate }), {
      expected,
      spoil: (text) => `${hostile}${text}\u001b[2J日本🔥${hostile}`,
    }),
  ]),
);

const plain = createColors(false);
const draw = (state: LiveState, { columns = 79, rows = 24, later_ms = 0, colours = plain } = {}) =>
  screenRows(state, { now_ms: state.at_ms + later_ms, columns, rows, tick: 3, colours });

/** The last state that fits, without foreign text. */
function stateWhen(fits: (state: LiveState) => boolean): LiveState {
  const run = toldRun(fakeRun({ trials: 2, fate: () => "recovers" }), { expected });
  return present(
    run.findLast(([, state]) => fits(state)),
    "such a state",
  )[1];
}

/** The last trial of an arm on Proxmox VE, at the end of its fencing. */
const fencing = ({ trial }: LiveState): boolean =>
  trial?.arm === "proxmox-guest" && trial.phases[1]?.state === "running";

describe("screenRows", () => {
  it("shows any moment of any run within its terminal, whatever others have put into their names", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fates),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.record({
          columns: fc.integer({ min: 1, max: 130 }),
          rows: fc.integer({ min: 1, max: 40 }),
          later_ms: fc.integer({ min: 0, max: 900_000 }),
        }),
        (fate, part, view) => {
          const run = present(told.get(fate), fate);
          const [, state] = present(run[Math.floor(part * (run.length - 1))], "a state");
          const shown = draw(state, view);
          expect(shown.length).toBeLessThanOrEqual(Math.min(24, Math.max(0, view.rows - 1)));
          for (const { text, width } of shown) {
            expect(columnsOf(text)).toBe(width);
            expect(width).toBeLessThanOrEqual(view.columns);
            expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
          }
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  it("steers the terminal by nothing but the project's own colours", () => {
    for (const run of told.values()) {
      for (const [, state] of run.filter((_, index) => index % 50 === 0)) {
        const text = draw(state, { colours: createColors(true) })
          .map((each) => each.text)
          .join("\n");
        expect(showable(text)).toBe(text);
      }
    }
  });

  it("has the study, the arms, the trial, its phases against their prediction, its layers and its timeline", () => {
    const state = stateWhen(
      ({ trial, results }) => results.length === 3 && trial?.phases[1]?.state === "running",
    );
    const lines = draw(state, { later_ms: 2000 }).map(({ text }) => text);
    const text = lines.join("\n");
    expect(lines.length).toBeLessThanOrEqual(23);
    expect(lines[0]).toMatch(/^fake {2}at 60 times the speed {2}Failover of a desktop/u);
    expect(lines[1]).toMatch(/^█+░+ {2}3 of 6 trials, \d+ \.\. \d+ s left$/u);
    expect(text).toMatch(/^ {2}proxmox-guest {4}1 of 2 {2}1\d\d\.\d s$/mu);
    expect(text).toMatch(/^\[4\/6\] proxmox-guest #2 {2}on pve2 {2}/mu);
    expect(text).toMatch(/^ {2}detection +6\.\d s +5 \.\. 8 s$/mu);
    expect(text).toMatch(/^▸ fencing +1\d\d\.\d s +100 \.\. 130 s$/mu);
    expect(text).toMatch(/^ {2}placement$/mu);
    expect(text).toMatch(/^ {2}recovery +1\d\d\.\d s +120 \.\. 140 s( late)?$/mu);
    expect(text).toMatch(
      /^ {2}tcp ✗ \d.* {2}http · {2}websocket · {2}rfb · {2}frame · {2}control ·$/mu,
    );
    expect(text).toMatch(/^ {2}█+▁+ *▒+·*$/mu);
  });

  it("says late of a phase that lasts longer than predicted, and of a recovery that did", () => {
    const state = stateWhen(fencing);
    const text = draw(state, { later_ms: 60_000 })
      .map((each) => each.text)
      .join("\n");
    expect(text).toMatch(/fencing .* late$/mu);
    expect(text).toMatch(/recovery .* late$/mu);
  });

  it("lets the timeline stand still once the desktop is back", () => {
    const back = stateWhen(({ trial }) => trial !== null && trial.outage.back_ms !== null);
    const line = (later_ms: number) => draw(back, { later_ms }).at(-1)?.text;
    expect(line(0)).toMatch(/^ {2}█+▁/u);
    expect(line(100_000)).toBe(line(0));
  });

  it("fits forty columns with all that matters", () => {
    const state = stateWhen(fencing);
    const text = draw(state, { columns: 39 })
      .map((each) => each.text)
      .join("\n");
    expect(text).toMatch(/^▸ fencing +1\d\d\.\d s +100 \.\. 130 s/mu);
    expect(text).toContain("control ·");
    const late = draw(state, { columns: 39, later_ms: 60_000 }).map((each) => each.text);
    expect(late.some((line) => line.startsWith("▸ fencing") && line.endsWith(" late"))).toBe(true);
  });

  it("leaves out the least important first, and the trial last", () => {
    const state = stateWhen(fencing);
    const shown = (rows: number) =>
      draw(state, { rows })
        .map(({ text }) => text)
        .join("\n");
    expect(shown(24)).toContain("▁");
    expect(shown(13)).toContain("fencing");
    expect(shown(13)).not.toContain("▁");
    expect(shown(4)).toMatch(/^\[\d\/6\]/u);
    expect(shown(1)).toBe("");
  });

  it("says behind the last trial what is done, and nothing of the time left", () => {
    const over = stateWhen(
      ({ trial, results, ended }) => trial === null && ended === null && results.length === 6,
    );
    const lines = draw({ ...over, doing: "running the hook after_run" }).map(({ text }) => text);
    expect(lines[1]).toMatch(/^█+ {2}6 of 6 trials$/u);
    expect(lines.at(-1)).toBe("running the hook after_run");
  });

  it("says between two trials what is waited for, and how to leave when it stops", () => {
    const between = stateWhen(({ trial, results }) => trial === null && results.length === 2);
    const resting = { ...between, doing: "resting until the next trial" };
    expect(draw(resting).map(({ text }) => text)).toContain("resting until the next trial");
    const stopping = { ...between, stopping: "interrupted by SIGINT" };
    expect(draw(stopping).at(-1)?.text).toBe(
      "interrupted by SIGINT; ending the run (a second Ctrl-C leaves at once)",
    );
  });
});
