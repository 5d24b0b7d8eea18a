import { describe, expect, it } from "vitest";
import { seconds } from "../../src/base/time.ts";
import type { HookName, HookSpec, Hooks } from "../../src/model/hooks.ts";
import { hookNames, noHooks } from "../../src/model/hooks.ts";
import type { JournalEvent } from "../../src/model/journal.ts";
import type { RunPlan } from "../../src/model/plan.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import type { RunEnding } from "../../src/contracts/progress.ts";
import { Spent } from "../../src/study/spent.ts";
import { runExperiment } from "../../src/study/run-experiment.ts";
import { fakeExperiment } from "../support/fake-experiment.ts";
import { arm, FakeStudy } from "../support/fake-study.ts";

const hook = (name: HookName, changes: Partial<HookSpec> = {}): HookSpec => ({
  command: [name],
  limit_ms: 30_000,
  required: name.startsWith("before"),
  pass: [],
  ...changes,
});

const allHooks: Hooks = {
  before_run: hook("before_run"),
  after_run: hook("after_run"),
  before_trial: hook("before_trial"),
  after_trial: hook("after_trial"),
};

function planOf(hooks: Hooks): RunPlan {
  return {
    format: 1,
    run: "run",
    tool: "test",
    experiment: { ...fakeExperiment(1, 1), arms: [arm], hooks },
    inventory: { file: "inventory.yaml", clusters: [] },
    lab: null,
    trials: [1, 2].map((repetition) => ({
      id: `00${repetition}-arm-${repetition}`,
      arm: "arm",
      repetition,
      seed: repetition,
    })),
  };
}

async function run(
  study: FakeStudy,
  hooks: Hooks = allHooks,
  stop = new AbortController().signal,
): Promise<RunEnding> {
  const { fault, cluster, probe, views, pictures, predict } = study.parts();
  const parts = {
    owner: "ada@bench, process 1",
    resumed: false,
    spent: new Spent(study.clock),
    clock: study.clock,
    random: new SeededRandom(1),
    journal: study.journal(),
    samples: study.samples(),
    probe,
    views,
    pictures,
    predict,
    progress: study.progress(),
    clusters: new Map([["fake", cluster]]),
    faults: new Map([["arm", fault]]),
    hookRunner: study.hookRunner(),
  };
  return await study.clock.runUntilSettled(runExperiment(planOf(hooks), parts, stop));
}

const hookActs = (study: FakeStudy): readonly string[] =>
  study.acts.filter((act) => act.startsWith("hook "));

describe("hooks of a run", () => {
  it("are run before and after the run and each trial, around everything that is touched", async () => {
    const study = new FakeStudy();
    expect(await run(study)).toMatchObject({ end: "completed" });
    const one = ["deploy", "avoid pve2", "kill pve2", "heal pve2", "avoid nobody", "remove"];
    const two = ["deploy", "avoid pve3", "kill pve3", "heal pve3", "avoid nobody", "remove"];
    expect(study.acts).toEqual([
      "hook before_run",
      "hook before_trial",
      ...one,
      "hook after_trial",
      "hook before_trial",
      ...two,
      "hook after_trial",
      "hook after_run",
    ]);
  });

  it("are on record before they are run, with what came of them after, and the end of what they tell of before both", async () => {
    const study = new FakeStudy();
    await run(study);
    const kinds = study.kinds();
    expect(kinds.slice(-3)).toEqual(["run-ended", "hook-started", "hook-ended"]);
    expect(kinds[kinds.indexOf("trial-ended") + 1]).toBe("hook-started");
    const firsts = study.events.filter(
      (event) => event.kind === "hook-started" || event.kind === "hook-ended",
    );
    expect(firsts.slice(0, 3)).toEqual([
      { kind: "hook-started", hook: "before_run", around: null },
      {
        kind: "hook-ended",
        hook: "before_run",
        around: null,
        ok: true,
        detail: "",
        said: "some words",
      },
      { kind: "hook-started", hook: "before_trial", around: "001-arm-1" },
    ]);
  });

  it("are told of run, trial and victim, and what is over of its end", async () => {
    const study = new FakeStudy();
    await run(study);
    const whole = { RUN: "run", EXPERIMENT: "fake", CLUSTER: "fake" };
    const trial = { ...whole, TRIAL: "001-arm-1", ARM: "arm", FAULT: "IPMI power off" };
    expect(study.told[0]).toEqual({ ...whole, HOOK: "before_run" });
    expect(study.told[1]).toEqual({ ...trial, HOOK: "before_trial" });
    const end = { END: "completed", RESTORED: "yes", DETAIL: "" };
    expect(study.told[2]).toEqual({ ...trial, HOOK: "after_trial", VICTIM: "pve2", ...end });
    expect(study.told.at(-1)).toEqual({
      ...whole,
      HOOK: "after_run",
      END: "completed",
      DETAIL: "",
    });
  });

  it("leave nothing behind in the journal of a run that has none", async () => {
    const study = new FakeStudy();
    await run(study, noHooks);
    expect(study.kinds().filter((kind) => kind.startsWith("hook"))).toEqual([]);
    expect(hookActs(study)).toEqual([]);
  });
});

it("a run tells what it does while no trial is under way, to its end", async () => {
  const study = new FakeStudy();
  await run(study);
  expect(study.betweenTrials).toEqual([
    "identifying the clusters",
    "running the hook before_run",
    "taking the clusters' locks",
    "resting until the next trial",
    "giving the clusters' locks back",
    "running the hook after_run",
  ]);
});

describe("a hook that fails", () => {
  it("before the run: the run is refused before anything is touched, and what comes after is run", async () => {
    const study = new FakeStudy();
    study.failingHook = "before_run";
    const ending = await run(study);
    expect(ending).toEqual({
      end: "refused",
      detail: "the hook before_run failed: before_run failed: its exit code is 3 (some words)",
    });
    expect(study.acts).toEqual(["hook before_run", "hook after_run"]);
    expect(study.told.at(-1)).toMatchObject({ END: "refused" });
  });

  it("before a trial: the trial is void before any act", async () => {
    const study = new FakeStudy();
    study.failingHook = "before_trial";
    expect(await run(study)).toMatchObject({ end: "completed" });
    expect(study.acts.filter((act) => !act.startsWith("hook"))).toEqual([]);
    const ends = study.events.filter((event) => event.kind === "trial-ended");
    expect(ends).toHaveLength(2);
    expect(ends[0]).toMatchObject({
      end: "void",
      detail: expect.stringMatching(/before_trial failed/u),
    });
    expect(hookActs(study).filter((act) => act === "hook after_trial")).toHaveLength(2);
  });

  it.each(hookNames)("%s: does no harm when it is not required", async (name) => {
    const study = new FakeStudy();
    study.failingHook = name;
    const ending = await run(study, { ...allHooks, [name]: hook(name, { required: false }) });
    expect(ending).toMatchObject({ end: "completed" });
    expect(study.acts.filter((act) => act.startsWith("heal"))).toHaveLength(2);
    expect(study.down.size).toBe(0);
    expect(study.events).toContainEqual(
      expect.objectContaining({ kind: "hook-ended", hook: name, ok: false }),
    );
  });
});

describe("a run that is stopped", () => {
  it("in the middle of an outage: heals, then runs what comes after, told of the interruption", async () => {
    const study = new FakeStudy();
    const stop = new AbortController();
    const { fault } = study.parts();
    study.fault.inject = async (strike, signal) => {
      await fault.inject(strike, signal);
      stop.abort(new Error("Ctrl-C"));
    };
    expect(await run(study, allHooks, stop.signal)).toMatchObject({ end: "interrupted" });
    expect(study.acts.slice(study.acts.indexOf("kill pve2"))).toEqual([
      "kill pve2",
      "heal pve2",
      "avoid nobody",
      "remove",
      "hook after_trial",
      "hook after_run",
    ]);
    expect(study.told.at(-2)).toMatchObject({ END: "interrupted", VICTIM: "pve2" });
    expect(study.told.at(-1)).toMatchObject({ END: "interrupted" });
  });

  it.each(["before_run", "before_trial"] as const)(
    "in the middle of %s: ends it, touches nothing, and is an interruption",
    async (name) => {
      const study = new FakeStudy();
      study.hangingHook = name;
      const stop = new AbortController();
      study.clock.queue.after(seconds(1), () => stop.abort(new Error("Ctrl-C")));
      expect(await run(study, allHooks, stop.signal)).toMatchObject({ end: "interrupted" });
      expect(study.acts.filter((act) => !act.startsWith("hook"))).toEqual([]);
      expect(hookActs(study).at(-1)).toBe("hook after_run");
    },
  );

  it("by a journal that breaks: what comes after the run is run all the same", async () => {
    const study = new FakeStudy();
    const journal = study.journal();
    const broken = {
      append: async (event: JournalEvent) => await journal.append(event),
      commit: async (event: JournalEvent) => {
        if (event.kind === "intent" || study.acts.length > 2) throw new Error("the disk is full");
        return await journal.commit(event);
      },
    };
    study.journal = () => broken;
    await run(study).catch(() => undefined);
    expect(hookActs(study).at(-1)).toBe("hook after_run");
  });
});
