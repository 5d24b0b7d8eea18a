import { describe, expect, it } from "vitest";
import { anyLrm, anyTime, playProxmox } from "../../../src/analysis/prediction/play-proxmox.ts";
import { predict } from "../../../src/analysis/prediction/played.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { failover } from "../../twin/kubernetes/failover.ts";
import {
  forecastMasterLoss,
  forecastStart,
  forecastWorkerLoss,
} from "../../twin/proxmox/failover-formulas.ts";

const SEED = 20_261_130;
const FAILOVERS = 60;
/** Seconds: whole seconds of stamps, and rounds that are now and then one shorter. */
const TOLERANCE = 1.5;
const { qemu_start_ms, guest_boot_ms } = defaultProxmoxSettings.assumed;
const ANSWERS_AFTER = (qemu_start_ms + guest_boot_ms) / 1000;
const ROUND = 10.022;
const IDLE_ROUND = 5.0075;
/** From the round that moves the service to its new place being written. */
const FLUSH = 0.03;
/** Seconds: a round in fifty is one shorter, and the twelve until the move may have one of them. */
const SHORT_ROUNDS = [0, 1];
/** 2.2 x (3 s + 0.65 s), less up to the token's hold. */
const CHANGES = [7.345, 7.7, 8.03];

interface Ages {
  readonly lockAge: number;
  readonly crmAge: number;
  /** Of the target's LRM, which is idle; not there: any. */
  readonly lrmAge?: number;
  readonly master?: boolean;
}

const exactly = (seconds: number): readonly [number, number] => [1000 * seconds, 1000 * seconds];

const questionOf = ({ lockAge, crmAge, lrmAge, master = false }: Ages) => ({
  ...anyTime,
  settings: defaultProxmoxSettings,
  master,
  lock_age_ms: exactly(lockAge),
  crm_age_ms: exactly(crmAge - 0.02),
  lrms: [{ ...anyLrm, age_ms: lrmAge === undefined ? null : exactly(lrmAge) }, anyLrm],
});

const predicted = (random: SeededRandom, ages: Ages) =>
  predict(playProxmox(questionOf(ages)), random, FAILOVERS);

describe(`a prediction for Proxmox VE (seed ${SEED})`, () => {
  it("lies where the closed formulas put a worker's loss, by the ages of its lock and of the CRM's round", () => {
    const random = new SeededRandom(SEED);
    let far = 0;
    for (let index = 0; index < 100; index++) {
      const ages = {
        lockAge: 9 * random.next(),
        crmAge: 0.1 + 8.8 * random.next(),
        lrmAge: IDLE_ROUND * random.next(),
      };
      const forecasts = CHANGES.map((change) => {
        const forecast = forecastWorkerLoss({ ...ages, change });
        const target = { kind: "idle", lrmAge: ages.lrmAge, change } as const;
        const backs = SHORT_ROUNDS.map(
          (short) => forecastStart(forecast.moved + FLUSH - short, target) + ANSWERS_AFTER,
        );
        return { ...forecast, backs };
      });
      const nearBoundary = forecasts.some(({ fromBoundary }) => fromBoundary <= TOLERANCE);
      const caughtOrNot = Math.abs(ROUND - ages.crmAge - 7.7) < 0.5;
      if (nearBoundary || caughtOrNot) continue;
      far++;
      const backs = forecasts.flatMap((each) => each.backs);
      const [low, high] = predicted(random, ages).recovery_ms;
      const said = JSON.stringify({ ages, low, high, backs });
      expect(low / 1000, `of ${said}`).toBeGreaterThan(Math.min(...backs) - TOLERANCE);
      expect(high / 1000, `of ${said}`).toBeLessThan(Math.max(...backs) + TOLERANCE);
    }
    expect(far).toBeGreaterThan(40);
  });

  it("of a caught round is the mode that the formula names, to a round and to a second", () => {
    const random = new SeededRandom(SEED);
    for (const { lockAge, late } of [
      { lockAge: 6, late: false },
      { lockAge: 1, late: true },
    ]) {
      const { modes, phases_ms } = predicted(random, { lockAge, crmAge: 5 });
      expect(modes.map(({ name }) => name)).toEqual([
        `caught in the freeze, ${late ? "late by one round" : "on time"}`,
      ]);
      const { moved, fence } = forecastWorkerLoss({ lockAge, crmAge: 5, change: 7.7 });
      expect(fence).toBeGreaterThan(60);
      const fenced = (phases_ms.detection?.[0] ?? 0) + (phases_ms.fencing?.[0] ?? 0);
      expect(Math.abs(fenced / 1000 - moved)).toBeLessThan(TOLERANCE);
    }
  });

  it.each([
    { who: "of a service that is gone", hosts: false, writesAfter: 0.036 },
    { who: "of one that it still hosts", hosts: true, writesAfter: 1.036 },
  ])("starts on an LRM that is active $who in its next round of ten seconds", (lrm) => {
    const { hosts, writesAfter } = lrm;
    const random = new SeededRandom(SEED);
    // Neither loop is caught, and their rounds are far enough apart for one of them to be a second shorter.
    const [crmAge, lrmAge] = [0.1, 1.8];
    const age_ms = exactly(lrmAge - writesAfter);
    const question = {
      ...questionOf({ lockAge: 6, crmAge }),
      lrms: [
        { ...anyLrm, active: true, hosts, age_ms },
        // PVE goes to no node with more services than another.
        { ...anyLrm, active: hosts, hosts },
      ],
    };
    const { recovery_median_ms } = predict(playProxmox(question), random, FAILOVERS);
    for (const change of CHANGES) {
      const { moved } = forecastWorkerLoss({ lockAge: 6, crmAge, change });
      const target = { kind: "active", lrmAge, change } as const;
      const back = forecastStart(moved + FLUSH, target) + ANSWERS_AFTER;
      expect(Math.abs(recovery_median_ms / 1000 - back)).toBeLessThan(0.5);
    }
  });

  it("starts a second later on an idle target that was fenced before, whose old lock has to go first", () => {
    const ages = { lockAge: 6, crmAge: 5, lrmAge: 2 };
    const [usual, after] = [false, true].map((fenced_before) => {
      const question = questionOf(ages);
      const lrms = question.lrms.map((lrm) => ({ ...lrm, fenced_before }));
      return predict(playProxmox({ ...question, lrms }), new SeededRandom(SEED), FAILOVERS);
    });
    const later = (after?.recovery_median_ms ?? 0) - (usual?.recovery_median_ms ?? 0);
    expect(later).toBeGreaterThan(950);
    expect(later).toBeLessThan(1100);
  });

  it("takes the master's round for renewed since it was read, however long ago that was", () => {
    const question = { ...questionOf({ lockAge: 3, crmAge: 5, master: true }), since_ms: 9000 };
    const modeOf = (crm_age_ms: readonly [number, number]): readonly string[] =>
      predict(playProxmox({ ...question, crm_age_ms }), new SeededRandom(SEED), 40).modes.map(
        ({ name }) => name,
      );
    expect(modeOf([1200, 3000])).toEqual(["CRM master killed, just after another round"]);
    expect(modeOf([100, 900])).toEqual(["CRM master killed"]);
  });

  it("of the CRM master's loss counts from the manager lock's age", () => {
    const random = new SeededRandom(SEED);
    for (const crmAge of [1, 5, 9]) {
      const { phases_ms, modes } = predicted(random, { lockAge: 3, crmAge, master: true });
      const [earliest, latest] = forecastMasterLoss(crmAge);
      const fenced = (phases_ms.detection?.[0] ?? 0) + (phases_ms.fencing?.[0] ?? 0);
      expect(fenced / 1000).toBeGreaterThan(earliest - TOLERANCE);
      expect(fenced / 1000).toBeLessThan(latest + TOLERANCE);
      expect(modes).toMatchObject([{ name: "CRM master killed", share: 1 }]);
    }
  });

  it("at any time has the modes' shares of facts 1.4: c of ten seconds are caught, and of those a quarter late", () => {
    const question = { ...anyTime, settings: defaultProxmoxSettings, master: false };
    const { modes } = predict(playProxmox(question), new SeededRandom(SEED), 2000);
    const share = (part: string): number =>
      modes.filter(({ name }) => name.startsWith(part)).reduce((sum, mode) => sum + mode.share, 0);
    expect(share("")).toBeCloseTo(1, 9);
    expect(share("caught")).toBeGreaterThan(0.72);
    expect(share("caught")).toBeLessThan(0.82);
    const late = share("caught in the freeze, late") / share("caught");
    expect(late).toBeGreaterThan(0.2);
    expect(late).toBeLessThan(0.32);
  });
});

describe("a longer toleration on Kubernetes", () => {
  it("moves what follows the taint by as much and changes nothing else, which lets a prediction play a short one", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [short, long] = [1, 300].map((toleration) =>
        failover(seed, defaultKubernetesSettings, toleration),
      );
      expect(long?.unknown).toBe(short?.unknown);
      expect(long?.taint).toBe(short?.taint);
      for (const step of ["evicted", "scheduled", "running", "recovered"] as const) {
        expect((long?.[step] ?? 0) - (short?.[step] ?? 0), `${step} of seed ${seed}`).toBeCloseTo(
          299,
          6,
        );
      }
    }
  });
});
