import { describe, expect, it } from "vitest";
import { predictArm } from "../../../src/analysis/prediction/predict-arm.ts";
import { predictRecovery } from "../../../src/analysis/prediction/predict-recovery.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { arm } from "../../support/fake-study.ts";

const timing = { kind: "proxmox", settings: defaultProxmoxSettings } as const;
const random = (): SeededRandom => new SeededRandom(1);

/** The ranges in a prediction, in whole seconds. */
const ranges = (text: string): readonly (readonly number[])[] =>
  [...text.matchAll(/(\d+) \.\. (\d+) s/gu)].map(([, low, high]) => [Number(low), Number(high)]);

describe("predictArm", () => {
  it("of PVE's console lies before the guest's own by what the guest takes to boot", () => {
    const guest = { ...arm, desktop: { ...arm.desktop, reach: { kind: "guest" } } } as typeof arm;
    const [[console = 0] = []] = ranges(predictArm(arm, timing, random()));
    const [[booted = 0] = []] = ranges(predictArm(guest, timing, random()));
    expect(booted - console).toBe(defaultProxmoxSettings.assumed.guest_boot_ms / 1000);
  });

  it("names both cases where the CRM master may be hit, the worse one in parentheses", () => {
    const text = predictArm({ ...arm, placement: { kind: "any" } }, timing, random());
    const [[other = 0] = [], [master = 0] = []] = ranges(text);
    expect(text).toMatch(/ s \(\d+ \.\. \d+ s if the CRM master is hit\)/u);
    expect(master).toBeGreaterThan(other + 20);
  });

  it("of a machine that boots again by itself says that it may be back sooner", () => {
    const cycle = { ...arm, fault: { kind: "power", action: "cycle", over: "ipmi" } } as const;
    expect(predictArm(cycle, timing, random())).toMatch(/unless the node is back sooner$/u);
  });

  it("is none of a cluster of two nodes, and says why", () => {
    const two = { kind: "proxmox", settings: { ...defaultProxmoxSettings, nodes: 2 } } as const;
    expect(predictArm(arm, two, random())).toMatch(/^nothing: .* only by a QDevice/u);
    expect(predictRecovery("office", two, random())).toMatchObject({
      level: "ok",
      saw: expect.stringMatching(/^nothing is predicted: .* only by a QDevice/u) as unknown,
    });
  });

  it("is none where the cluster decides whether the desktop is lost", () => {
    const drain = { ...arm, fault: { kind: "drain", over: "api" } } as const;
    expect(ranges(predictArm(drain, timing, random()))).toEqual([]);
  });
});
