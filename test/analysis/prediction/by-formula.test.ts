import { describe, expect, it } from "vitest";
import { anyTime, playProxmox } from "../../../src/analysis/prediction/play-proxmox.ts";
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
/** 2.2 x (3 s + 0.65 s), less up to the token's hold. */
const CHANGES = [7.345, 7.7, 8.03];

const predicted = (
  random: SeededRandom,
  { lockAge, crmAge, master = false }: { lockAge: number; crmAge: number; master?: boolean },
) => {
  const [lock, crm] = [lockAge * 1000, crmAge * 1000 - 20];
  const question = {
    ...anyTime,
    settings: defaultProxmoxSettings,
    master,
    lock_age_ms: [lock, lock] as const,
    crm_age_ms: [crm, crm] as const,
  };
  return predict(playProxmox(question), random, FAILOVERS);
};

describe(`a prediction for Proxmox VE (seed ${SEED})`, () => {
  it("lies where the closed formulas put a worker's loss, by the ages of its lock and of the CRM's round", () => {
    const random = new SeededRandom(SEED);
    let far = 0;
    for (let index = 0; index < 100; index++) {
      const ages = { lockAge: 9 * random.next(), crmAge: 0.1 + 8.8 * random.next() };
      const forecasts = CHANGES.map((change) => {
        const forecast = forecastWorkerLoss({ ...ages, change });
        const target = { kind: "idle", lrmAge: 0, change } as const;
        return { ...forecast, back: forecastStart(forecast.moved + 0.03, target) + ANSWERS_AFTER };
      });
      const nearBoundary = forecasts.some(({ fromBoundary }) => fromBoundary <= TOLERANCE);
      const caughtOrNot = Math.abs(ROUND - ages.crmAge - 7.7) < 0.5;
      if (nearBoundary || caughtOrNot) continue;
      far++;
      const backs = forecasts.map(({ back }) => back);
      const [low, high] = predicted(random, ages).recovery_ms;
      const said = JSON.stringify({ ages, low, high, backs });
      // An idle target's tick that comes just before the move is missed by the whole of its 5 s.
      expect(low / 1000, `of ${said}`).toBeGreaterThan(Math.min(...backs) - TOLERANCE - 5.1);
      expect(high / 1000, `of ${said}`).toBeLessThan(Math.max(...backs) + TOLERANCE + 5.1);
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

  it("starts on a target whose LRM is still active in its next round of ten seconds", () => {
    const random = new SeededRandom(SEED);
    const [crmAge, lrmAge] = [5, 1];
    const question = {
      ...anyTime,
      settings: defaultProxmoxSettings,
      master: false,
      lock_age_ms: [6000, 6000] as const,
      crm_age_ms: [crmAge * 1000 - 20, crmAge * 1000 - 20] as const,
      lrms: [
        { active: true, age_ms: [lrmAge * 1000, lrmAge * 1000] as const },
        { active: false, age_ms: null },
      ],
    };
    const { recovery_ms } = predict(playProxmox(question), random, FAILOVERS);
    const backs = CHANGES.map((change) => {
      const { moved } = forecastWorkerLoss({ lockAge: 6, crmAge, change });
      const target = { kind: "active", lrmAge: lrmAge + 0.036, change } as const;
      return forecastStart(moved + 0.03, target) + ANSWERS_AFTER;
    });
    expect(recovery_ms[0] / 1000).toBeGreaterThan(Math.min(...backs) - TOLERANCE);
    expect(recovery_ms[1] / 1000).toBeLessThan(Math.max(...backs) + TOLERANCE);
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
