import { beforeEach, describe, expect, it } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { FakeStudy } from "../../support/fake-study.ts";
import { fakeRestore, fakeWholeRun } from "../../support/fake-whole-run.ts";

/** A cluster on which a run died in the middle of an outage. */
let study: FakeStudy;
beforeEach(async () => {
  const dying = new FakeStudy();
  const journal = dying.journal();
  await dying.clock.runUntilSettled(
    new Promise<void>((resolve) => {
      const append: typeof journal.append = async (event) => {
        if (event.kind === "fault-confirmed") {
          resolve();
          await new Promise(() => undefined);
        }
        return await journal.append(event);
      };
      fakeWholeRun(dying, { journal: { append, commit: append } }).catch(() => undefined);
    }),
  );
  study = new FakeStudy();
  study.down = dying.down;
  study.lock.note = dying.lock.note;
  study.events.push(...dying.events);
});

describe("restore", () => {
  it("takes back the last act first, notes each, and gives the lock back when nothing is owed", async () => {
    const before = study.events.length;
    expect(await fakeRestore(study)).toEqual([]);
    expect(study.acts).toEqual(["heal pve2", "remove"]);
    expect(study.events.slice(before)).toEqual([
      { kind: "undo-done", trial: "001-arm-1", id: 2 },
      { kind: "undo-done", trial: "001-arm-1", id: 1 },
      { kind: "lock-released", cluster: "fake" },
    ]);
    expect(study.lock.note).toBeNull();
  });

  it("goes on after a failure, keeps the lock, and says what a person has to do", async () => {
    study.fault.heal = async () => {
      throw new OperatingError("timed-out", "the BMC is silent");
    };
    expect(await fakeRestore(study)).toEqual([
      {
        what: "IPMI power off on pve2",
        why: "the BMC is silent",
        byHand: "fake: see that node pve2 is switched on and a member again",
        refused: false,
      },
    ]);
    expect(study.acts).toEqual(["remove"]);
    expect(study.events.at(-2)).toMatchObject({ kind: "undo-failed", error: "the BMC is silent" });
    expect(study.lock.note?.run).toBe("run");
    delete study.fault.heal;
    expect(await fakeRestore(study)).toEqual([]);
    expect(study.acts).toEqual(["remove", "heal pve2"]);
    expect(study.lock.note).toBeNull();
  });

  it("does nothing to a cluster that is another one by now", async () => {
    study.driver.identify = async () =>
      await Promise.resolve({ kind: "proxmox", name: "other", fingerprint: "BB", version: "9" });
    const { driver } = study.parts().cluster;
    const source = "as inventory.yaml pins it";
    const pinned = { driver, identities: [{ name: "fake", fingerprint: "AA", source }] };
    const left = await fakeRestore(study, { cluster: async () => await Promise.resolve(pinned) });
    expect(left).toHaveLength(2);
    expect(left[0]?.why).toMatch(/Cannot restore fake as it is cluster other .* pins it/u);
    expect(left.map(({ refused }) => refused)).toEqual([true, true]);
    expect(study.acts).toEqual([]);
    expect(study.lock.note).not.toBeNull();
  });

  it("switches a node on although no API answers until it is on", async () => {
    const { driver } = study.parts().cluster;
    study.driver.identify = async (signal) => {
      if (study.down.size === 0) return await driver.identify(signal);
      throw new OperatingError("unreachable", "no route to host");
    };
    const told: string[] = [];
    expect(await fakeRestore(study, { tell: (line) => told.push(line) })).toEqual([]);
    expect(study.acts).toEqual(["heal pve2", "remove"]);
    expect(told).toContain("waiting for the API of fake: no route to host");
  });

  it("switches a node on that held the vote without which every API server answers with an error", async () => {
    const { driver } = study.parts().cluster;
    study.driver.identify = async (signal) => {
      if (study.down.size === 0) return await driver.identify(signal);
      throw new OperatingError("rejected", "503: etcdserver: no leader");
    };
    const told: string[] = [];
    expect(await fakeRestore(study, { tell: (line) => told.push(line) })).toEqual([]);
    expect(study.acts).toEqual(["heal pve2", "remove"]);
    expect(told).toContain(
      "healing fake although its API does not say who it is: 503: etcdserver: no leader",
    );
  });

  it("switches a node on although the lock of the right cluster cannot be had", async () => {
    study.lock.read = async () => {
      throw new OperatingError("denied", "403");
    };
    await fakeRestore(study);
    expect(study.acts).toEqual(["heal pve2"]);
  });

  it("leaves a node off where who answers does not let us in", async () => {
    study.driver.identify = async () => {
      throw new OperatingError("denied", "401");
    };
    await fakeRestore(study);
    expect(study.acts).toEqual([]);
  });

  it("names the node that did not come back", async () => {
    const { fault } = study.parts();
    study.fault.heal = async (victim, signal) => {
      await fault.heal(victim, signal);
      study.down.add("pve3");
    };
    const left = await fakeRestore(study);
    expect(left[0]).toMatchObject({ what: "IPMI power off on pve2", refused: false });
    expect(left[0]?.why).toMatch(/^Cannot call fake healed as pve3 is not back: no answer/u);
  });

  it("waits for an API that has nothing to say for a while", async () => {
    const { driver } = study.parts().cluster;
    let tries = 0;
    study.driver.identify = async (signal) => {
      tries += 1;
      if (tries > 3) return await driver.identify(signal);
      throw new OperatingError("rejected", "etcd has no leader");
    };
    expect(await fakeRestore(study)).toEqual([]);
    expect(study.lock.note).toBeNull();
  });
});
