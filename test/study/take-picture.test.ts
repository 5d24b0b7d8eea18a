import { describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import { inSeconds, seconds, sinceOrigin } from "../../src/base/time.ts";
import type { JournalEvent } from "../../src/model/journal.ts";
import { runTrial } from "../../src/study/run-trial.ts";
import type { TrialParts } from "../../src/study/trial-parts.ts";
import type { TrialEnding } from "../../src/study/trial-ends.ts";
import { FakeStudy } from "../support/fake-study.ts";

interface Order {
  readonly stop?: AbortSignal;
  readonly changes?: Partial<TrialParts>;
}

async function run(study: FakeStudy, { stop, changes }: Order = {}): Promise<TrialEnding> {
  const parts = study.parts();
  const arm = { ...parts.arm, pictures: true };
  const running = runTrial({ ...parts, arm, ...changes }, stop ?? new AbortController().signal);
  return await study.clock.runUntilSettled(running);
}

const picturesIn = (study: FakeStudy): readonly JournalEvent[] =>
  study.events.filter(({ kind }) => kind === "picture" || kind === "no-picture");

const broken = async (): Promise<never> =>
  await Promise.reject(new OperatingError("not-reached", "Cannot look at the desktop as refused"));

const onFullDisk = async (): Promise<never> => await Promise.reject(new Error("the disk is full"));

/** Runs the trial, and tells at which second it killed. */
async function killedAt(study: FakeStudy): Promise<number> {
  const { fault } = study.parts();
  let at = 0;
  study.fault.inject = async (strike, signal) => {
    at = inSeconds(sinceOrigin(study.clock.now()));
    await fault.inject(strike, signal);
  };
  await run(study);
  return at;
}

describe("pictures of a trial", () => {
  it("are taken in steady state and once the desktop answers again, never in between", async () => {
    const study = new FakeStudy();
    expect(await run(study)).toMatchObject({ end: "completed", restored: true });
    const kinds = study.kinds();
    const order = ["steady", "picture", "victim-found", "fault-requested", "answering-again"];
    const places = order.map((kind) => kinds.indexOf(kind));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(kinds.lastIndexOf("picture")).toBe(kinds.indexOf("answering-again") + 1);
    expect(kinds.lastIndexOf("picture")).toBeLessThan(kinds.indexOf("healed"));
    expect(study.acts.filter((act) => !act.startsWith("avoid"))).toEqual([
      "deploy",
      "look",
      "keep before",
      "kill pve2",
      "look",
      "keep after",
      "heal pve2",
      "remove",
    ]);
    expect(picturesIn(study)).toMatchObject([
      {
        when: "before",
        file: "frames/001-arm-1-before.png",
        thumbnail: "frames/001-arm-1-before-small.png",
        width: 1,
        height: 1,
        instance: "pve2",
      },
      { when: "after", instance: "pve3" },
    ]);
  });

  it("are not taken while samples are, once it is back", async () => {
    const study = new FakeStudy();
    const samplesAt: number[] = [];
    study.picture = async () => {
      samplesAt.push(study.samplesKept.length);
      await study.clock.sleep(seconds(2), new AbortController().signal);
      samplesAt.push(study.samplesKept.length);
      return await broken();
    };
    await run(study);
    expect(samplesAt[3]).toBe(samplesAt[2]);
  });

  it("end nothing when they cannot be taken or kept", async () => {
    const study = new FakeStudy();
    study.picture = broken;
    expect(await run(study)).toMatchObject({ end: "completed", restored: true });
    const detail = "Cannot look at the desktop as refused";
    expect(picturesIn(study)).toEqual([
      { trial: "001-arm-1", kind: "no-picture", when: "before", detail },
      { trial: "001-arm-1", kind: "no-picture", when: "after", detail },
    ]);

    const full = new FakeStudy();
    const ending = await run(full, { changes: { pictures: { keep: onFullDisk } } });
    expect(ending).toMatchObject({ end: "completed", restored: true });
    expect(picturesIn(full)).toMatchObject([
      { detail: "the disk is full" },
      { detail: "the disk is full" },
    ]);
  });

  it("delay the kill by three seconds at most", async () => {
    const silent = new FakeStudy();
    silent.picture = async () => await new Promise<never>(() => undefined);
    const delay = (await killedAt(silent)) - (await killedAt(new FakeStudy()));
    expect(delay).toBeLessThanOrEqual(3);
    expect(picturesIn(silent)).toMatchObject([
      { kind: "no-picture", when: "before", detail: "it took longer than 3 s" },
      { kind: "no-picture", when: "after" },
    ]);
  });

  it("are not wanted of a desktop that is still down, or has not been lost", async () => {
    const down = new FakeStudy();
    down.outage = seconds(100_000);
    await run(down);
    expect(picturesIn(down)).toMatchObject([
      { kind: "picture", when: "before" },
      { kind: "no-picture", when: "after", detail: "it was still down" },
    ]);

    const there = new FakeStudy();
    there.fault.inject = async () => await Promise.resolve();
    await run(there);
    expect(picturesIn(there)).toMatchObject([
      { kind: "picture" },
      { kind: "no-picture", detail: "there was no outage" },
    ]);
    expect(there.acts.filter((act) => act === "look")).toHaveLength(1);
  });

  it("are not taken at all where the arm does not want them", async () => {
    const study = new FakeStudy();
    const { arm } = study.parts();
    await run(study, { changes: { arm: { ...arm, pictures: false } } });
    expect(picturesIn(study)).toEqual([]);
    expect(study.acts).not.toContain("look");
  });

  it("are given up when the trial is stopped, which is interrupted then", async () => {
    const study = new FakeStudy();
    const stop = new AbortController();
    study.picture = async () => {
      stop.abort(new Error("Ctrl-C"));
      return await broken();
    };
    const ending = await run(study, { stop: stop.signal });
    expect(ending).toMatchObject({ end: "interrupted", restored: true });
    expect(ending.detail).toContain("Ctrl-C");
    expect(picturesIn(study)).toEqual([]);
    expect(study.acts).not.toContain("kill pve2");
  });

  it("are looked for on the way around the victim", async () => {
    const study = new FakeStudy();
    const ways: unknown[] = [];
    const { driver } = study.parts().cluster;
    study.driver.endpoint = async (desktop, spec, victim, signal) => {
      const endpoint = await driver.endpoint(desktop, spec, victim, signal);
      return { ...endpoint, host_header: victim ?? "anybody" };
    };
    const { views } = study.parts();
    const picture: typeof views.picture = async (look, signal) => {
      ways.push(look.endpoint.kind === "novnc" ? look.endpoint.host_header : null);
      return await views.picture(look, signal);
    };
    await run(study, { changes: { views: { ...views, picture } } });
    expect(ways).toEqual(["anybody", "pve2"]);
  });
});
