import { describe, expect, it } from "vitest";
import { CleanupStack } from "../../src/base/cleanup.ts";

describe("CleanupStack", () => {
  it("unwinds last first, tries every step though others fail, and gives each a budget of its own", async () => {
    const stack = new CleanupStack();
    const done: string[] = [];
    const signals = new Set<AbortSignal>();
    for (const name of ["first", "second", "third"]) {
      stack.register(name, (signal) => {
        signals.add(signal);
        done.push(name);
        return name === "second" ? Promise.reject(new Error("no")) : Promise.resolve();
      });
    }
    const failures = await stack.unwind(() => new AbortController().signal);
    expect(done).toEqual(["third", "second", "first"]);
    expect(failures.map((failure) => failure.step)).toEqual(["second"]);
    expect(signals.size).toBe(3);
    expect(stack.pending).toEqual([]);
  });
});
