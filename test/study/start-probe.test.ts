import { describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import { seconds } from "../../src/base/time.ts";
import type { Sample } from "../../src/model/sample.ts";
import { runTrial } from "../../src/study/run-trial.ts";
import type { TrialEnding } from "../../src/study/trial-ends.ts";
import type { TrialParts } from "../../src/study/trial-parts.ts";
import { FakeStudy } from "../support/fake-study.ts";

const never = new AbortController().signal;
const run = async (study: FakeStudy, parts: TrialParts = study.parts()): Promise<TrialEnding> =>
  await study.clock.runUntilSettled(runTrial(parts, never));
const of = (target: Sample["target"], samples: readonly Sample[]): readonly Sample[] =>
  samples.filter((sample) => sample.target === target);
const grid = (samples: readonly Sample[]): readonly unknown[] =>
  samples.map(({ seq, scheduled_ms, trial }) => ({ seq, scheduled_ms, trial }));
const nobody = (): never => {
  throw new OperatingError("unreachable", "every API host is on the victim");
};

describe("startProbe", () => {
  it("keeps the samples of a control target on the desktop's own grid", async () => {
    const study = new FakeStudy();
    expect((await run(study)).end).toBe("completed");
    const [desktop, control] = [of("desktop", study.samplesKept), of("control", study.samplesKept)];
    expect(desktop.length).toBeGreaterThan(130);
    // Whoever looks second may not get to the last point.
    expect(grid(control).slice(0, desktop.length - 1)).toEqual(grid(desktop).slice(0, -1));
    expect(control.every(({ result }) => result.kind === "good")).toBe(true);
  });

  it("gives both watches the same start and grid", async () => {
    const study = new FakeStudy();
    const parts = study.parts();
    const asked: Parameters<TrialParts["probe"]["watch"]>[0][] = [];
    const probe: TrialParts["probe"] = {
      ...parts.probe,
      watch: async (order, onSample, signal) => {
        asked.push(order);
        await parts.probe.watch(order, onSample, signal);
      },
    };
    await run(study, { ...parts, probe });
    const [desktop, control] = asked;
    expect(desktop).toMatchObject({ target: "desktop" });
    expect(control).toMatchObject({
      target: "control",
      start: desktop?.start,
      grid: desktop?.grid,
      trial: desktop?.trial,
    });
  });

  it("keeps the control target off the desktop's node, and then off the victim", async () => {
    const study = new FakeStudy();
    study.driver = { whereabouts: () => Promise.resolve({ node: "pve3", instance: "moved" }) };
    await run(study);
    expect(study.controlsOff).toEqual(["pve2", "pve3"]);
    expect(study.events).toContainEqual(
      expect.objectContaining({ kind: "observing", control: "tcp 127.0.0.1:8006" }),
    );
  });

  it("goes on without a control target where there is none", async () => {
    const study = new FakeStudy();
    study.driver = { control: () => ({ kind: "tcp", address: nobody }) };
    expect((await run(study)).end).toBe("completed");
    expect(study.events).toContainEqual(
      expect.objectContaining({ kind: "observing", control: null }),
    );
  });

  it("ends both watches when one breaks, before the samples are closed", async () => {
    const study = new FakeStudy();
    const parts = study.parts();
    const ended: string[] = [];
    const probe: TrialParts["probe"] = {
      ...parts.probe,
      watch: async (order, onSample, signal) => {
        if (order.target === "control") {
          await study.clock.sleep(seconds(2), signal);
          throw new Error("the prober broke");
        }
        await parts.probe.watch(order, onSample, signal);
        ended.push(order.target);
      },
    };
    const samples = { ...parts.samples, flush: () => Promise.resolve(void ended.push("flushed")) };
    const ending = await run(study, { ...parts, probe, samples });
    expect(ending.detail).toContain("the prober broke");
    expect(ended).toEqual(["desktop", "flushed"]);
  });
});
