import type { ControlPlaneEvent } from "../../src/model/cluster-facts.ts";
import { describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import { forever, seconds } from "../../src/base/time.ts";
import type { Journal } from "../../src/contracts/journal.ts";
import { runTrial } from "../../src/study/run-trial.ts";
import type { TrialParts } from "../../src/study/trial-parts.ts";
import type { TrialEnding } from "../../src/study/trial-ends.ts";
import { FakeStudy, health, node } from "../support/fake-study.ts";

async function run(study: FakeStudy, stop = new AbortController().signal): Promise<TrialEnding> {
  return await study.clock.runUntilSettled(runTrial(study.parts(), stop));
}

const hold = async (): Promise<void> => await Promise.reject(new Error("a bug"));

describe("runTrial", () => {
  it("tells the whole story of a recovered trial, intent before every act", async () => {
    const study = new FakeStudy();
    const ending = await run(study);
    expect(ending).toEqual({ end: "completed", detail: "", restored: true, stopRun: null });
    expect(study.kinds()).toEqual([
      "trial-started",
      "cluster-ready",
      "intent",
      "act-done",
      "desktop-deployed",
      "observing",
      "steady",
      "victim-found",
      "session-held",
      "clock-offsets",
      "timers",
      "intent",
      "fault-requested",
      "fault-confirmed",
      "not-predicted",
      "answering-again",
      "healed",
      "undo-done",
      "clock-offsets",
      "session-ended",
      "undo-done",
      "trial-ended",
    ]);
    expect(study.acts).toEqual([
      "deploy",
      "avoid pve2",
      "kill pve2",
      "heal pve2",
      "avoid nobody",
      "remove",
    ]);
  });

  it("goes on without a held session, and without clocks that nobody tells", async () => {
    const study = new FakeStudy();
    study.clocks = { ...study.clocks, silent: [{ host: "pve1", over: "ssh", error: "silent" }] };
    const parts = study.parts();
    const probe: TrialParts["probe"] = {
      ...parts.probe,
      hold: async (_session, tell) => {
        tell({ kind: "session-not-held", detail: "http-status, 502" });
        await Promise.resolve();
      },
    };
    const ending = await study.clock.runUntilSettled(
      runTrial({ ...parts, probe }, new AbortController().signal),
    );
    expect(ending.end).toBe("completed");
    expect(study.kinds()).toContain("session-not-held");
    expect(study.kinds().filter((kind) => kind === "clock-offsets")).toHaveLength(2);
  });

  it("holds the session on the way that avoids the victim, and does not wait for clocks when it is stopped", async () => {
    const study = new FakeStudy();
    const stop = new AbortController();
    study.fault.inject = async () => {
      stop.abort(new Error("Ctrl-C"));
      await Promise.resolve();
    };
    const ending = await run(study, stop.signal);
    expect(ending).toMatchObject({ end: "interrupted", restored: true });
    const kinds = study.kinds();
    expect(kinds.indexOf("session-held")).toBeGreaterThan(kinds.indexOf("victim-found"));
    expect(kinds.filter((kind) => kind === "clock-offsets")).toHaveLength(1);
    expect(kinds.at(-1)).toBe("trial-ended");
    expect(kinds).toContain("session-ended");
  });

  it("is void when the prober breaks while it holds the session", async () => {
    const study = new FakeStudy();
    const parts = study.parts();
    const ending = await study.clock.runUntilSettled(
      runTrial({ ...parts, probe: { ...parts.probe, hold } }, new AbortController().signal),
    );
    expect(ending).toMatchObject({ end: "void", restored: true });
    expect(study.acts).not.toContain("kill pve2");
  });

  it("journals its prediction from the timers, once the fault has struck", async () => {
    const study = new FakeStudy();
    const range = [1000, 2000] as const;
    const prediction = {
      recovery_ms: range,
      recovery_median_ms: 1500,
      phases_ms: { detection: range, fencing: null, placement: null, start: null, service: null },
      modes: [{ name: "on time", why: "in time", share: 1, recovery_ms: range }],
      failovers: 300,
    };
    const renewed_ms = [1, 2] as const;
    study.predict = async () => await Promise.resolve({ prediction, renewed_ms });
    await run(study);
    const struck = study.kinds().indexOf("fault-confirmed");
    expect(study.events[struck + 1]).toEqual({
      trial: "001-arm-1",
      kind: "prediction",
      prediction,
      renewed_ms,
    });
  });

  it("is predicted from the renewals that were seen since its timers, too", async () => {
    const study = new FakeStudy();
    const about = { node: "pve2", instance: null, stamp: null, source: "watch", raw: {} };
    const renewed = { ...about, kind: "lease-renewed", observed_ms: [1, 2] } as const;
    study.controlPlane = [{ ...renewed, kind: "node-returned" }, renewed];
    const known: (readonly ControlPlaneEvent[])[] = [];
    study.predict = async ({ renewals }) => {
      known.push(renewals);
      return await Promise.resolve("told");
    };
    await run(study);
    expect(known).toEqual([[renewed]]);
  });

  it("notes why it is not predicted, and goes on, also when the prediction breaks", async () => {
    const told = new FakeStudy();
    expect(await run(told)).toMatchObject({ end: "completed", restored: true });
    const detail = "nobody predicts here";
    expect(told.events).toContainEqual({ trial: "001-arm-1", kind: "not-predicted", detail });

    const broken = new FakeStudy();
    broken.predict = () => Promise.reject(new Error("the twin never ends"));
    expect(await run(broken)).toMatchObject({ end: "completed", restored: true });
    const why = expect.stringContaining("the twin never ends") as unknown;
    expect(broken.events).toContainEqual({
      trial: "001-arm-1",
      kind: "not-predicted",
      detail: why,
    });
  });

  it("is interrupted, not merely unpredicted, when it is stopped while it predicts", async () => {
    const study = new FakeStudy();
    const stop = new AbortController();
    study.predict = async (_trial, signal) => {
      stop.abort(new Error("Ctrl-C"));
      await Promise.resolve();
      signal.throwIfAborted();
      return "never";
    };
    expect(await run(study, stop.signal)).toMatchObject({ end: "interrupted", restored: true });
    expect(study.kinds()).not.toContain("not-predicted");
  });

  it("is void without a fault when the cluster never gets ready", async () => {
    const study = new FakeStudy();
    study.health = () => health({ problems: ["pve3 is in maintenance"] });
    const ending = await run(study);
    expect(ending.end).toBe("void");
    expect(ending.detail).toContain("pve3 is in maintenance");
    expect(study.acts).toEqual([]);
  });

  const pve3Away = [
    node("pve1", { master: true }),
    node("pve2"),
    node("pve3", { maintenance: true }),
  ];
  const degraded = { healthy: false, detail: "Ceph says HEALTH_WARN: 1 osds down" };
  it.each([
    ["maintenance", { nodes: pve3Away }, "node pve3 is in maintenance"],
    ["storage-health", { storage: degraded }, "1 osds down"],
  ] as const)("waits while %s would refuse, unless it is overridden", async (guard, worse, saw) => {
    const study = new FakeStudy();
    study.health = () => health(worse);
    const ending = await run(study);
    expect(ending).toMatchObject({ end: "void", detail: expect.stringContaining(saw) });
    expect(study.acts).toEqual([]);

    const overriding = new FakeStudy();
    overriding.health = () => health(worse);
    const parts = { ...overriding.parts(), overrides: [guard] };
    const signal = new AbortController().signal;
    const other = await overriding.clock.runUntilSettled(runTrial(parts, signal));
    expect(other).toMatchObject({ end: "completed" });
  });

  it("is void without a fault when there is no steady state", async () => {
    const study = new FakeStudy();
    study.answering = false;
    const ending = await run(study);
    expect(ending.end).toBe("void");
    expect(ending.detail).toContain("timed-out");
    expect(study.acts).toEqual(["deploy", "avoid nobody", "remove"]);
  });

  it("removes what a deployment that failed half-way left behind", async () => {
    const study = new FakeStudy();
    study.driver.deploy = () => Promise.reject(new OperatingError("rejected", "no space"));
    const ending = await run(study);
    expect(ending).toMatchObject({ end: "void", restored: true });
    expect(ending.detail).toContain("no space");
    expect(study.acts).toEqual(["remove"]);
  });

  it("refuses on facts that got worse between preflight and kill", async () => {
    const study = new FakeStudy();
    let looks = 0;
    study.health = () =>
      ++looks === 1
        ? health()
        : health({
            nodes: [node("pve1", { master: true }), node("pve2"), node("pve3", { online: false })],
            quorum: {
              quorate: true,
              expected_votes: 3,
              present_votes: 2,
              needed_votes: 2,
              device_votes: 0,
            },
          });
    const ending = await run(study);
    expect(ending.end).toBe("refused");
    expect(ending.detail).toContain("quorum");
    expect(study.acts).not.toContain("kill pve2");
    expect(study.kinds()).toContain("refused");
  });

  it("is void, and heals, when the victim is not proven gone", async () => {
    const study = new FakeStudy();
    study.fault.confirm = () => Promise.reject(new OperatingError("not-reached", "still on"));
    const ending = await run(study);
    expect(ending).toMatchObject({ end: "void", restored: true });
    expect(study.acts.slice(-3)).toEqual(["heal pve2", "avoid nobody", "remove"]);
  });

  it("says still-down at the limit, heals, and counts as completed: analysis censors it", async () => {
    const study = new FakeStudy();
    study.outage = seconds(100_000);
    const ending = await run(study);
    expect(ending.end).toBe("completed");
    expect(study.kinds()).toContain("still-down");
    expect(study.acts).toContain("heal pve2");
  });

  it("says never-lost when the desktop keeps answering", async () => {
    const study = new FakeStudy();
    study.fault.inject = () => Promise.resolve();
    const ending = await run(study);
    expect(ending.end).toBe("completed");
    expect(study.kinds()).toContain("never-lost");
  });

  it("heals first and removes the desktop when it is stopped in the middle of the outage", async () => {
    const study = new FakeStudy();
    const stop = new AbortController();
    const { fault } = study.parts();
    study.fault.inject = async (victim, signal) => {
      await fault.inject(victim, signal);
      study.clock.queue.after(seconds(20), () => stop.abort(new Error("Ctrl-C")));
    };
    const ending = await run(study, stop.signal);
    expect(ending).toMatchObject({ end: "interrupted", restored: true });
    expect(ending.detail).toContain("Ctrl-C");
    expect(study.acts.slice(-3)).toEqual(["heal pve2", "avoid nobody", "remove"]);
  });

  it("removes the desktop although healing failed, and says that it is not restored", async () => {
    const study = new FakeStudy();
    study.fault.heal = () => Promise.reject(new OperatingError("timed-out", "the BMC is silent"));
    const ending = await run(study);
    expect(ending.restored).toBe(false);
    expect(ending.detail).toContain("the BMC is silent");
    expect(study.acts.at(-1)).toBe("remove");
    expect(study.kinds()).toContain("undo-failed");
  });

  it("says not-healed when the victim never becomes a member again", async () => {
    const study = new FakeStudy();
    study.fault.heal = () => Promise.resolve();
    const ending = await run(study);
    expect(ending.restored).toBe(false);
    expect(study.kinds()).toContain("not-healed");
    expect(study.acts.at(-1)).toBe("remove");
  });

  it("heals at once and stops the run when another node dies", async () => {
    const study = new FakeStudy();
    study.outage = forever;
    study.driver.observe = async (_desktop, options, signal) => {
      await study.clock.sleep(seconds(60), signal);
      options.onEvent({
        kind: "other-node-lost",
        observed_ms: [0, 0],
        node: "pve3",
        instance: null,
        stamp: null,
        source: "test",
        raw: null,
      });
    };
    const ending = await run(study);
    expect(ending.stopRun).toBe("other-node-lost");
    expect(study.acts).toContain("heal pve2");
  });

  it("never kills when the intent could not be written", async () => {
    const study = new FakeStudy();
    const parts = study.parts();
    const journal = study.journal();
    const full: Journal = {
      append: (event) => journal.append(event),
      commit: (event) =>
        event.kind === "fault-requested"
          ? Promise.reject(new OperatingError("environment", "no space left on device"))
          : journal.commit(event),
    };
    const ending = await study.clock.runUntilSettled(
      runTrial({ ...parts, journal: full }, new AbortController().signal),
    );
    expect(ending.end).toBe("void");
    expect(study.acts).not.toContain("kill pve2");
  });
});
