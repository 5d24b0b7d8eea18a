import { describe, expect, it } from "vitest";
import { explainTrial } from "../../../src/analysis/explanation/explain-trial.ts";
import { wrongSum } from "../../support/wrong-sum.ts";
import type { Story } from "./told-trial.ts";
import { explanationOf, lengths, proxmoxTimers, toldTrial, waitNamed } from "./told-trial.ts";

/** Membership after 8 s; a CRM round at 9.9 s was not caught, so that rounds come 9.9 + 10.022 k s after the kill. */
const worker: Story = {
  timers: proxmoxTimers({ lock_age_ms: [4500, 5500] }),
  victim: "pve2",
  heir: "pve1",
  seen: [
    ["membership-lost", 8],
    ["node-lost", 9.9],
    ["fencing-started", 60],
    ["fenced", 130.2],
    ["node-chosen", 130.2],
    ["instance-started", 133.2],
  ],
  back: 150,
};

/** The same with a round that the freeze had caught: rounds count from the membership. */
const caught: Story = {
  ...worker,
  seen: [
    ["membership-lost", 8],
    ["node-lost", 18.03],
    ["fencing-started", 68.1],
    ["fenced", 128.3],
    ["node-chosen", 128.3],
    ["instance-started", 133.2],
  ],
};

const ruleOf = (wait: string, story: Story): string =>
  waitNamed(explanationOf(toldTrial(story)), wait).rule;

describe("explainTrial, on Proxmox VE", () => {
  it("tells a worker's loss wait by wait, and they add up", () => {
    const told = toldTrial(worker);
    const explanation = explanationOf(told);
    expect(lengths(explanation)).toEqual([
      ["corosync membership", 8],
      ["CRM round", 1.9],
      ["fence delay", 50.1],
      ["agent lock", expect.closeTo(55.4, 0) as number],
      ["unlocking round", 4.7],
      ["taking round", 10.1],
      ["recovery and move", 0],
      ["target LRM", 3],
      ["QEMU and guest boot", 16.8],
      ["probe", 0],
    ]);
    expect(wrongSum(explanation, told.trial.durations_ms.recovery ?? [0, 0])).toEqual([]);
    expect(explanation).toMatchObject({ placed: "not-predicted", causes: [] });
  });

  it("says what passes while the agent lock runs, and what nothing can shorten", () => {
    const explanation = explanationOf(toldTrial(worker));
    for (const name of ["corosync membership", "CRM round", "fence delay"]) {
      expect(waitNamed(explanation, name).within).toBe("agent lock");
    }
    expect(waitNamed(explanation, "agent lock")).toMatchObject({
      setting: null,
      shorten: null,
      within: null,
      source: expect.stringContaining("memdb.c:42 and :346") as string,
    });
    expect(waitNamed(explanation, "corosync membership")).toMatchObject({
      setting: "totem.token = 3000 ms + 1 x 650 ms",
      shorten: "a smaller totem.token",
    });
  });

  it("tells a round that the freeze caught from one that it did not", () => {
    expect(ruleOf("CRM round", worker)).toContain("once in 10 s");
    expect(ruleOf("CRM round", caught)).toContain("had taken its list of members before");
  });

  it("names a kill that is late by one round, and how young the lock was", () => {
    expect(ruleOf("unlocking round", caught)).not.toContain("Late by one round");
    const late: Story = {
      ...caught,
      timers: proxmoxTimers({ lock_age_ms: [400, 1400] }),
      seen: [
        ...caught.seen.slice(0, 3),
        ["fenced", 138.3],
        ["node-chosen", 138.3],
        ["instance-started", 143.2],
      ],
      back: 160,
    };
    expect(ruleOf("unlocking round", late)).toContain("Late by one round");
    expect(ruleOf("unlocking round", late)).toMatch(/only 0\.\d \.\. 1\.\d s old at the kill/u);
  });

  it("takes a lock for renewed again where it was read a round before the kill", () => {
    const read = proxmoxTimers({ lock_age_ms: [8400, 9400], at_ms: [999_000, 999_050] });
    const seen = explanationOf(toldTrial({ ...worker, timers: read }));
    // Renewed 9 to 10.5 s before the kill, or just before it: the round that unlocked it says which.
    expect(waitNamed(seen, "agent lock").rule).toMatch(
      /renewed 0(?:\.\d)? \.\. 10\.\d s before the kill/u,
    );
    const early = explanationOf(
      toldTrial({
        ...worker,
        timers: read,
        seen: [
          ...worker.seen.slice(0, 3),
          ["fenced", 121],
          ["node-chosen", 121],
          ["instance-started", 124],
        ],
      }),
    );
    expect(waitNamed(early, "agent lock").ms[1]).toBeLessThan(52_500);
  });

  it.each([
    ["pve1", "idle", null],
    ["pve3", "active", "a target without HA services of its own, whose LRM looks every 5 s"],
  ])("says of a target on %s that its LRM was %s", (heir, state, shorten) => {
    const wait = waitNamed(explanationOf(toldTrial({ ...worker, heir })), "target LRM");
    expect(wait).toMatchObject({ setting: `LRM of the target = ${state}`, shorten });
  });

  it("counts no guest's boot to a desktop on PVE's console", () => {
    const console = toldTrial({ ...worker, endpoint: "console through the API", back: 133.6 });
    expect(waitNamed(explanationOf(console), "QEMU start").likely_ms).toBeCloseTo(400, 0);
  });

  it("tells the loss of the CRM master: its own lock, a new master, and the fence delay anew", () => {
    const master: Story = {
      ...worker,
      timers: proxmoxTimers({ victim_is_master: true, crm_age_ms: [6000, 7000] }),
      seen: [
        ["membership-lost", 8],
        ["node-lost", 115.5],
        ["fencing-started", 175.6],
        ["fenced", 175.6],
        ["node-chosen", 175.6],
        ["instance-started", 180],
      ],
      back: 196,
    };
    const told = toldTrial(master);
    const explanation = explanationOf(told);
    expect(explanation.waits.map(({ name }) => name)).toEqual([
      "corosync membership",
      "manager lock",
      "new CRM master",
      "fence delay",
      "taking the agent lock",
      "recovery and move",
      "target LRM",
      "QEMU and guest boot",
      "probe",
    ]);
    expect(waitNamed(explanation, "fence delay")).toMatchObject({
      likely_ms: expect.closeTo(60_100, 0) as number,
      shorten: "a victim that is not the CRM master",
      within: null,
    });
    expect(waitNamed(explanation, "corosync membership").within).toBe("manager lock");
    expect(wrongSum(explanation, told.trial.durations_ms.recovery ?? [0, 0])).toEqual([]);
  });

  it("lets waits run together where a gap hid what ended them", () => {
    const hidden = worker.seen.filter(
      ([kind]) => kind !== "node-lost" && kind !== "fencing-started" && kind !== "node-chosen",
    );
    const told = toldTrial({ ...worker, seen: hidden });
    const explanation = explanationOf(told);
    expect(explanation.waits.map(({ name }) => name)).toEqual([
      "corosync membership",
      "CRM round + fence delay + agent lock",
      "unlocking round",
      "taking round",
      "recovery and move + target LRM",
      "QEMU and guest boot",
      "probe",
    ]);
    expect(wrongSum(explanation, told.trial.durations_ms.recovery ?? [0, 0])).toEqual([]);
  });

  it("knows when corosync changed by its rule, where nobody looked", () => {
    const unseen = worker.seen.filter(([kind]) => kind !== "membership-lost");
    const wait = waitNamed(
      explanationOf(toldTrial({ ...worker, seen: unseen })),
      "corosync membership",
    );
    // The fault itself is known to ± 20 ms, at both of its ends.
    expect(wait.ms).toEqual([8030 - 685 - 40, 8030 + 120 + 40]);
  });

  it("tells a victim that was back before it was fenced", () => {
    const own = toldTrial({
      ...worker,
      heir: "pve2",
      seen: [
        ["membership-lost", 8],
        ["node-returned", 45],
      ],
      back: 80,
    });
    expect(lengths(explanationOf(own))).toEqual([
      ["the victim's boot", 45],
      ["start on the victim", 35],
      ["probe", 0],
    ]);
  });

  it("says nothing where nothing was recovered, or no machine was lost, or no timer read", () => {
    const { trial, told } = toldTrial(worker);
    const down = { ...trial, outcome: { kind: "censored", longer_than_ms: 1 } } as const;
    expect(explainTrial(down, told, null)).toBeNull();
    expect(explainTrial(trial, { ...told, killed: false }, null)).toBeNull();
    expect(explainTrial(trial, { ...told, timers: null }, null)).toBeNull();
  });
});
