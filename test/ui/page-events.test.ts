import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LiveResult } from "../../src/live/live-event.ts";
import type { LiveState } from "../../src/live/live-state.ts";
import { nothingYet } from "../../src/live/live-state.ts";
import { changeBetween, withChange } from "../../src/ui/page-events.ts";

const seed = 6;
const result = (trial: string): LiveResult => ({ trial }) as unknown as LiveResult;

/** A run's states, one after the other: results are only ever added. */
const states = fc
  .array(
    fc.record({
      stopping: fc.option(fc.string()),
      at_ms: fc.nat(),
      added: fc.array(fc.string(), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((steps) => {
    let state: LiveState = nothingYet;
    return steps.map(({ stopping, at_ms, added }) => {
      state = { ...state, stopping, at_ms, results: [...state.results, ...added.map(result)] };
      return state;
    });
  });

describe("a page that is told of changes", () => {
  it("knows what the run knows, from whenever it began to listen", () => {
    fc.assert(
      fc.property(states, fc.nat(7), (all, from) => {
        const first = Math.min(from, all.length - 1);
        let before: LiveState | null = null;
        let page = nothingYet;
        for (const [index, state] of all.entries()) {
          if (index === first) {
            page = withChange(nothingYet, changeBetween(null, state, 0));
          } else if (index > first) {
            page = withChange(page, changeBetween(before, state, 0));
          }
          before = state;
        }
        expect(page).toEqual(all.at(-1));
      }),
      { seed },
    );
  });

  it("is told only what is different", () => {
    const before = { ...nothingYet, results: [result("1")] };
    const after = { ...before, stopping: "SIGINT", results: [result("1"), result("2")] };
    expect(changeBetween(before, after, 7)).toEqual({
      now_ms: 7,
      parts: { stopping: "SIGINT" },
      known: 1,
      results: [result("2")],
    });
  });

  it("stays right where a browser connects again and is told all anew", () => {
    const state = { ...nothingYet, results: [result("1"), result("2")] };
    expect(withChange(state, changeBetween(null, state, 0))).toEqual(state);
  });
});
