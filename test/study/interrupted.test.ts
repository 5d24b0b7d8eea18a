import { expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import type { Journal } from "../../src/contracts/journal.ts";
import { exitCodeOf } from "../../src/cli/exit-code.ts";
import { Interrupted } from "../../src/platform/signal-trap.ts";
import { FakeStudy } from "../support/fake-study.ts";
import { fakeWholeRun } from "../support/fake-whole-run.ts";

it("a run that is stopped before it knows its clusters says in its journal that it ended, and how", async () => {
  const study = new FakeStudy();
  const stop = new AbortController();
  study.driver.identify = async (signal) => {
    stop.abort(new Interrupted("SIGINT"));
    signal.throwIfAborted();
    return await Promise.reject(new Error("it goes on"));
  };
  const ending = await study.clock.runUntilSettled(fakeWholeRun(study, { stop: stop.signal }));
  expect(ending).toEqual({ end: "interrupted", detail: "interrupted by SIGINT" });
  expect(study.kinds()).toEqual(["run-started", "run-ended"]);
  expect(study.lock.notes).toEqual([]);
});

it("a run whose disk is full before it has its lock has failed, and is not called unsafe", async () => {
  const study = new FakeStudy();
  const whole = study.journal();
  const journal: Journal = {
    append: async (event) => await whole.append(event),
    commit: async (event) => {
      if (event.kind !== "lock-wanted") return await whole.commit(event);
      throw new OperatingError("environment", "the disk is full");
    },
  };
  const ending = await study.clock.runUntilSettled(fakeWholeRun(study, { journal }));
  expect(ending.end).toBe("failed");
  expect(study.lock.notes).toEqual([]);
});

it("an interruption that ends any command exits with 130", () => {
  expect(exitCodeOf(new Interrupted("SIGTERM"))).toBe(130);
});
