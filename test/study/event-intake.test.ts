import { describe, expect, it } from "vitest";
import { seconds } from "../../src/base/time.ts";
import type { ControlPlaneEvent } from "../../src/model/cluster-facts.ts";
import { EventIntake } from "../../src/study/event-intake.ts";
import { runTrial } from "../../src/study/run-trial.ts";
import { FakeStudy } from "../support/fake-study.ts";

const gap: ControlPlaneEvent = {
  kind: "observation-gap",
  observed_ms: [0, 0],
  node: null,
  instance: null,
  stamp: null,
  source: "watch /api/v1/nodes",
  raw: null,
};

/** An intake whose disk writes `writes` at once, and then stalls. */
function scene(writes: number) {
  const written: ControlPlaneEvent[] = [];
  const failures: unknown[] = [];
  const intake = new EventIntake(
    async (event) => {
      if (written.length >= writes) await new Promise(() => undefined);
      written.push(event);
    },
    (error) => void failures.push(error),
  );
  return { intake, written, failures };
}

describe("EventIntake", () => {
  it("fails once, and takes no more, when more than 10,000 events wait to be written", () => {
    const { intake, failures } = scene(0);
    for (let count = 0; count < 10_000; count++) intake.take(gap);
    expect(failures).toEqual([]);
    for (let count = 0; count < 5; count++) intake.take(gap);
    expect(failures).toMatchObject([
      { code: "protocol", message: expect.stringMatching(/10000.*observation-gap.*watch/u) },
    ]);
  });

  it("fails when a trial has more than 100,000, however quickly they are written", async () => {
    const { intake, written, failures } = scene(1e9);
    for (let count = 0; count < 100_100; count++) {
      intake.take(gap);
      if (count % 5000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toHaveLength(100_000);
    expect(failures).toMatchObject([{ code: "protocol" }]);
  });

  it("fails with what keeps an event from being written", async () => {
    const failures: unknown[] = [];
    const full = new Error("no space left");
    const intake = new EventIntake(
      async () => await Promise.reject(full),
      (error) => void failures.push(error),
    );
    intake.take(gap);
    await new Promise((resolve) => setImmediate(resolve));
    expect(failures).toEqual([full]);
  });
});

describe("a trial whose API server floods it", () => {
  it("ends, heals the victim, and listens no longer", async () => {
    const study = new FakeStudy();
    const ends: string[] = [];
    study.driver = {
      observe: async (_desktop, { victim, onEvent }, signal) => {
        while (!study.acts.some((act) => act.startsWith("kill"))) {
          await study.clock.sleep(seconds(1), signal);
        }
        for (let count = 0; count < 30_000; count++) onEvent(gap);
        ends.push(`${String(victim())} ${signal.aborted ? "told to stop" : "listened to"}`);
      },
    };
    const running = runTrial(study.parts(), new AbortController().signal);
    const ending = await study.clock.runUntilSettled(running);
    expect(ending).toMatchObject({
      end: "void",
      detail: expect.stringMatching(/10000 events/u),
      restored: true,
    });
    expect(ends).toEqual(["pve2 told to stop"]);
    expect(study.acts).toContain("heal pve2");
    expect(study.kinds().filter((kind) => kind === "control-plane")).toHaveLength(10_000);
  });
});
