import { describe, expect, it } from "vitest";
import { at, seconds } from "../../../src/base/time.ts";
import { clockFinding, offsetOf } from "../../../src/clusters/survey/clock-offset.ts";
import { durationInWords } from "../../../src/clusters/survey/duration-in-words.ts";
import type { BmcReport } from "../../../src/clusters/survey/node-bmc.ts";
import { judgeBmc } from "../../../src/clusters/survey/node-bmc.ts";
import { parseReport } from "../../../src/clusters/survey/node-report.ts";
import { judgeWhere } from "../../../src/clusters/survey/where-we-run.ts";
import type { MachineFacts } from "../../../src/model/cluster-facts.ts";
import type { IpmiAccess } from "../../../src/model/inventory.ts";
import type { OwnMachine } from "../../../src/model/own-machine.ts";

const span = (from: number, to: number) => ({
  earliest: at(seconds(from)),
  latest: at(seconds(to)),
});

describe("offsetOf", () => {
  it("leaves half a round trip on each side of a clock that tells fractions", () => {
    const [low, high] = offsetOf({ low: 1005, high: 1005, during: span(1, 1.2) }, 1000);
    expect(low).toBeCloseTo(3800, 6);
    expect(high).toBeCloseTo(4000, 6);
  });

  it("adds the second that a Date header cuts off", () => {
    const [low, high] = offsetOf({ low: 1001, high: 1002, during: span(1.5, 1.6) }, 1000);
    expect(low).toBeCloseTo(-600, 6);
    expect(high).toBeCloseTo(500, 6);
  });
});

describe("clockFinding", () => {
  it.each([
    [[-600, 500], "ok"],
    [[1001, 1100], "note"],
    [[-5000, -1001], "note"],
    // Only what is certain counts: this one may well be right.
    [[900, 4000], "ok"],
  ] as const)("%j is %s", (offset, level) => {
    expect(clockFinding("pve1", offset).level).toBe(level);
  });

  it("says the middle and half the width", () => {
    expect(clockFinding("pve1", [1900, 2100]).saw).toContain("+2.00 s ± 0.10 s");
    expect(clockFinding("pve1", [-2100, -1900]).saw).toContain("-2.00 s ± 0.10 s");
  });
});

const during = [at(seconds(1)), at(seconds(2))] as const;

describe("parseReport", () => {
  it("reads every answer", () => {
    const printed = [
      ..."blackout-user|0|blackout-machine|abc|blackout-boot|b-1|blackout-name|w1|blackout-uuid".split(
        "|",
      ),
      "4C4C4544-0000",
      "blackout-date",
      "1795319422.25",
      "",
    ].join("\n");
    expect(parseReport(printed, ...during)).toEqual({
      user: "0",
      machineId: "abc",
      bootId: "b-1",
      hostname: "w1",
      uuid: "4c4c4544-0000",
      clock: { low: 1795319422.25, high: 1795319422.25, during: span(1, 2) },
    });
  });

  it("keeps what a node has where it lacks something else", () => {
    const printed =
      "blackout-user\n0\nblackout-machine\nblackout-boot\nb\nblackout-uuid\nblackout-date\n1.%N\n";
    expect(parseReport(printed, ...during)).toEqual({
      user: "0",
      machineId: null,
      bootId: "b",
      hostname: null,
      uuid: null,
      clock: null,
    });
    expect(parseReport("", ...during).user).toBeNull();
  });
});

const bmc: IpmiAccess = {
  kind: "ipmi",
  host: "192.0.2.1",
  port: 623,
  user: "u",
  password: { kind: "env", name: "P" },
  cipher_suite: 17,
  via: "builtin",
  mapping: "uuid",
};

const report = (changes: Partial<BmcReport> = {}) => ({
  told: true as const,
  value: {
    power: "on" as const,
    switchingOn: { told: true as const, value: null },
    uuids: { told: true as const, value: ["aa", "bb"] },
    ...changes,
  },
});

const levelOf = (mapping: "uuid" | "asserted", uuid: string | null, told = report()) =>
  judgeBmc({ name: "pve1", bmc: { ...bmc, mapping } }, uuid, told).level;

describe("judgeBmc", () => {
  it("is content when one of the BMC's readings is the node's UUID", () => {
    expect(levelOf("uuid", "bb")).toBe("ok");
    expect(levelOf("asserted", "bb")).toBe("ok");
  });

  it("takes another UUID, or none, for a problem, unless the user vouches", () => {
    expect(levelOf("uuid", "cc")).toBe("problem");
    expect(levelOf("uuid", null)).toBe("problem");
    expect(levelOf("asserted", "cc")).toBe("note");
    expect(levelOf("asserted", null)).toBe("note");
    const silent = report({ uuids: { told: false, error: new Error("no such command") } });
    expect(levelOf("uuid", "bb", silent)).toBe("problem");
    expect(levelOf("asserted", "bb", silent)).toBe("note");
  });

  it("takes a BMC whose user may not switch the node on for a problem", () => {
    const switchingOn = { told: false as const, error: new Error("role ReadOnly") };
    expect(levelOf("asserted", "bb", report({ switchingOn }))).toBe("problem");
  });

  it("takes a node that is off, or a BMC that does not answer, for a problem", () => {
    expect(levelOf("asserted", "bb", report({ power: "off" }))).toBe("problem");
    const told = { told: false as const, error: new Error("silent") };
    expect(judgeBmc({ name: "pve1", bmc }, "bb", told)).toMatchObject({
      level: "problem",
      saw: "silent",
    });
  });
});

const machine = (boot: string | null, id: string | null, addresses: readonly string[] = []) => ({
  boot_id: boot,
  machine_id: id,
  addresses,
});

describe("judgeWhere", () => {
  const own: OwnMachine = {
    boot_id: "b",
    machine_id: "m",
    addresses: ["192.0.2.9"],
    gateways: ["192.0.2.1"],
    login_from: null,
  };
  const levels = (seen: MachineFacts): readonly string[] =>
    judgeWhere("pve1", seen, own).map((finding) => finding.level);

  it("takes the machine that we run on, or whose loss cuts us off, for a problem", () => {
    expect(levels(machine("b", "other"))).toEqual(["problem"]);
    expect(levels(machine(null, null, ["192.0.2.1"]))).toEqual(["problem"]);
  });

  it("takes a clone with our machine-id for another machine, and says so", () => {
    expect(levels(machine("c", "m"))).toEqual(["note"]);
  });

  it("has nothing to say of any other machine", () => {
    expect(levels(machine("c", "n"))).toEqual([]);
    expect(levels(machine(null, null))).toEqual([]);
  });
});

describe("durationInWords", () => {
  it.each([
    [40_000, "40s"],
    [650, "650ms"],
    [1500, "1500ms"],
  ])("%d ms is %s", (ms, words) => {
    expect(durationInWords(ms)).toBe(words);
  });
});
