import { describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import { inMs, instantFromMs, instantInMs, milliseconds } from "../../src/base/time.ts";
import type { ClusterTimers } from "../../src/model/cluster-facts.ts";
import type { Moment } from "../../src/model/experiment.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { ageOfTrial, untilAge } from "../../src/study/moment.ts";
import { runTrial } from "../../src/study/run-trial.ts";
import { FakeStudy, arm } from "../support/fake-study.ts";

const sweep = {
  kind: "sweep",
  of: "lease-age",
  from_ms: 2000,
  to_ms: 10_000,
} as const satisfies Moment;

const lease = (age_ms: number, at_ms: number): ClusterTimers => ({
  kind: "kubernetes",
  lease_age_ms: [age_ms - 50, age_ms + 50],
  node_monitor_period_ms: 5000,
  node_monitor_grace_ms: 40_000,
  toleration_s: 1,
  start_ms: null,
  at_ms: [at_ms - 10, at_ms + 10],
});

describe("ageOfTrial", () => {
  it("gives each trial of an arm a random age within its own part of the sweep", () => {
    const random = new SeededRandom(1);
    for (let repetition = 1; repetition <= 4; repetition++) {
      const ages = Array.from({ length: 50 }, () =>
        ageOfTrial(sweep, { repetition, trials: 4 }, random),
      );
      const first = 2000 + 2000 * (repetition - 1);
      expect(Math.min(...ages)).toBeGreaterThanOrEqual(first);
      expect(Math.max(...ages)).toBeLessThan(first + 2000);
      expect(Math.max(...ages) - Math.min(...ages)).toBeGreaterThan(1500);
    }
  });
});

const until = (age_ms: number, now_ms: number): number =>
  inMs(
    present(
      untilAge(age_ms, { timers: lease(3000, 100_000), now: instantFromMs(now_ms) }),
      "a wait",
    ),
  );

describe("untilAge", () => {
  it("counts from the age that was read", () => {
    expect(until(7000, 100_000)).toBe(4000);
    expect(until(7000, 101_500)).toBe(2500);
  });

  it("goes on to the next renewal's age when this one's has passed", () => {
    expect(until(2500, 100_000)).toBe(9500);
    expect(until(2500, 109_600)).toBe(9900);
  });

  it("goes by how often the victim's own Lease is renewed", () => {
    const timers = { ...lease(3000, 100_000), lease_duration_ms: 80_000 };
    const wait = untilAge(2500, { timers, now: instantFromMs(100_000) });
    expect(inMs(present(wait, "a wait"))).toBe(19_500);
  });

  it("cannot tell where no age was read", () => {
    const timers = { ...lease(0, 0), lease_age_ms: null };
    expect(untilAge(5000, { timers, now: instantFromMs(0) })).toBeNull();
  });
});

/**
 * The lease of the victim was renewed at 0, 10, 20, ... s of the clock. Reading it takes `slow_ms`, the guards `guarded_ms`;
 * `moves`: the desktop leaves the victim after its timers were read for the first time.
 */
function sweeping(
  repetition: number,
  { slow_ms = 0, guarded_ms = 0, duration_ms = 40_000, moves = false } = {},
) {
  const study = new FakeStudy();
  const now = (): number => instantInMs(study.clock.now());
  const guarded: number[] = [];
  study.driver.timers = async (_desktop, _victim, signal) => {
    const asked = now();
    if (slow_ms > 0) await study.clock.sleep(milliseconds(slow_ms), signal);
    return { ...lease(asked % 10_000, asked), lease_duration_ms: duration_ms };
  };
  const { fault, cluster } = study.parts();
  study.driver.whereabouts = async (desktop, signal) => {
    const found = await cluster.driver.whereabouts(desktop, signal);
    return moves && study.kinds().includes("timers") ? { ...found, node: "pve3" } : found;
  };
  study.fault.check = async (victim, signal) => {
    guarded.push(now());
    if (guarded_ms > 0) await study.clock.sleep(milliseconds(guarded_ms), signal);
    return await fault.check(victim, signal);
  };
  const killed: number[] = [];
  study.fault.inject = async (strike, signal) => {
    killed.push(now());
    await fault.inject(strike, signal);
  };
  const parts = study.parts();
  const swept = { ...arm, trials: 4, when: sweep };
  const trial = { ...parts.trial, repetition };
  const running = runTrial({ ...parts, arm: swept, trial }, new AbortController().signal);
  return { study, guarded, killed, ending: study.clock.runUntilSettled(running) };
}

async function killedAt(...asked: Parameters<typeof sweeping>): Promise<number> {
  const { killed, ending } = sweeping(...asked);
  await ending;
  return present(killed[0], "a kill");
}

describe("a trial that sweeps", () => {
  it.each([1, 2, 3, 4])(
    "strikes in its own part of the sweep: trial %i of 4",
    async (repetition) => {
      const age = (await killedAt(repetition)) % 10_000;
      expect(age).toBeGreaterThanOrEqual(2000 + 2000 * (repetition - 1));
      expect(age).toBeLessThan(2000 + 2000 * repetition);
    },
  );

  it("waits for the next cycle where it could not be ready in time", async () => {
    const age = (await killedAt(2, { slow_ms: 4000 })) % 10_000;
    expect(age).toBeGreaterThanOrEqual(4000);
    expect(age).toBeLessThan(6000);
  });

  it.each([0, 4000, 7000])(
    "asks the guards and the timers again where they took so long that it has to: %i ms",
    async (guarded_ms) => {
      const { study, guarded, killed, ending } = sweeping(2, { guarded_ms });
      await ending;
      const [struck = 0] = killed;
      expect(struck % 10_000).toBeGreaterThanOrEqual(4000);
      expect(struck % 10_000).toBeLessThan(6000);
      const timers = study.kinds().filter((kind) => kind === "timers");
      expect(timers).toHaveLength(guarded_ms === 0 ? 1 : guarded_ms === 4000 ? 2 : 3);
      expect(struck - (guarded.at(-1) ?? 0)).toBeLessThanOrEqual(guarded_ms + 3001);
    },
  );

  it("does not strike a desktop that moved while it waited", async () => {
    const { killed, ending } = sweeping(2, { guarded_ms: 4000, moves: true });
    expect(await ending).toMatchObject({
      end: "void",
      detail: "the desktop moved from pve2 to pve3",
    });
    expect(killed).toEqual([]);
  });

  it("is void where the Lease is renewed before it gets that old", async () => {
    const { killed, ending } = sweeping(4, { duration_ms: 20_000 });
    expect(await ending).toMatchObject({
      end: "void",
      detail: expect.stringMatching(
        /^a lease age of [89]\.\d+ s never comes, as there is a renewal every 5 s$/u,
      ),
    });
    expect(killed).toEqual([]);
  });
});
