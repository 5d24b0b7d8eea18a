import { beforeEach, describe, expect, it } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { minutes, seconds } from "../../../src/base/time.ts";
import type { JournalEvent } from "../../../src/model/journal.ts";
import type { LockNote } from "../../../src/model/lock.ts";
import { FakeStudy } from "../../support/fake-study.ts";
import { fakeRestore } from "../../support/fake-whole-run.ts";

const never = new AbortController().signal;

const intent = (id: number, undo: Extract<JournalEvent, { kind: "intent" }>["undo"]) =>
  ({ kind: "intent", trial: "001-arm-1", id, act: `act ${id}`, undo }) as const;

const existingVm = intent(1, {
  kind: "remove-desktop",
  cluster: "fake",
  desktop: {
    kind: "proxmox",
    vmid: 200,
    name: "kiosk",
    mark: "m",
    owned: false,
    before: { running: true, node: "pve2", ha: null },
  },
});
const poweredOff = intent(2, {
  kind: "heal-fault",
  cluster: "fake",
  fault: { kind: "power", action: "off", over: "ipmi" },
  victim: "pve2",
});

const noteOf = (run: string, owed: LockNote["owed"] = []): LockNote => ({
  format: 1,
  run,
  owner: "eve@rack, process 3",
  taken: "2026-01-01T00:00:00.000Z",
  renewed: "2026-01-01T00:00:00.000Z",
  expires: "2026-01-01T00:02:00.000Z",
  ttl_ms: 120_000,
  owed,
});

/** A run died with its victim off and a VM of the user's changed; its journal says so. */
let study: FakeStudy;
beforeEach(() => {
  study = new FakeStudy();
  study.down.add("pve2");
  study.events.push({ kind: "lock-wanted", cluster: "fake", lock: "a lock" });
  study.events.push(existingVm, poweredOff);
});

describe("restore of a run whose lock another run has by now", () => {
  it("does nothing, and says who has it and what to do", async () => {
    study.lock.note = noteOf("other");
    const left = await fakeRestore(study);
    expect(study.acts).toEqual([]);
    expect([...study.down]).toEqual(["pve2"]);
    expect(study.lock.note).toEqual(noteOf("other"));
    expect(left.map(({ refused }) => refused)).toEqual([true, true]);
    expect(left[0]?.why).toMatch(/run other of eve@rack, process 3 has its lock/u);
    expect(left[0]?.why).toMatch(/Once other has ended .* restore run again/u);
  });

  it("does nothing either where it comes second to a lock that was free", async () => {
    const { read } = study.lock;
    study.lock.read = async () => {
      const free = await read();
      study.lock.note = noteOf("other");
      return free;
    };
    const left = await fakeRestore(study);
    expect(study.acts).toEqual([]);
    expect(left[0]?.why).toMatch(/run other of eve@rack/u);
  });

  it("stops when the lock is taken away in the middle", async () => {
    study.fault.heal = async (_victim, signal) => {
      study.lock.note = noteOf("other");
      await study.clock.sleep(minutes(10), signal);
    };
    const left = await fakeRestore(study);
    expect(study.acts).toEqual([]);
    expect(left).toHaveLength(2);
    for (const { why } of left) expect(why).toMatch(/is not this run's any more/u);
    expect(study.lock.note).toEqual(noteOf("other"));
  });
});

describe("restore of a run whose lock is free", () => {
  it("holds it meanwhile, and gives it back", async () => {
    study.fault.heal = async (victim) => {
      expect(study.lock.note).toMatchObject({ run: "run", owner: "bob@desk, process 2" });
      expect(study.lock.note?.owed.map(({ id }) => id)).toEqual([2]);
      study.down.delete(victim);
      await Promise.resolve();
    };
    expect(await fakeRestore(study)).toEqual([]);
    expect(study.lock.note).toBeNull();
  });

  it("leaves a VM of the user's as it is that bears no mark any more", async () => {
    const told: string[] = [];
    study.driver.bearsMark = async () => await Promise.resolve(false);
    expect(await fakeRestore(study, { tell: (line) => told.push(line) })).toEqual([]);
    expect(study.acts).toEqual(["heal pve2"]);
    expect(told).toContain("it was put back before, and is left as it is: act 1");
  });

  it("puts back a VM of the user's that still bears the mark", async () => {
    study.driver.bearsMark = async () => await Promise.resolve(true);
    expect(await fakeRestore(study)).toEqual([]);
    expect(study.acts).toEqual(["heal pve2", "remove"]);
  });
});

describe("restore of a run that has its lock", () => {
  beforeEach(() => {
    study.lock.note = noteOf("run", [existingVm, poweredOff]);
  });

  it("puts a VM of the user's back to the end, although the mark may be gone half-way", async () => {
    study.driver.bearsMark = async () => await Promise.resolve(false);
    expect(await fakeRestore(study)).toEqual([]);
    expect(study.acts).toEqual(["heal pve2", "remove"]);
  });

  it("renews it while it works, so that who looks from elsewhere sees it alive", async () => {
    study.fault.heal = async (victim, signal) => {
      await study.clock.sleep(seconds(100), signal);
      study.down.delete(victim);
    };
    expect(await fakeRestore(study)).toEqual([]);
    const renewed = study.lock.notes.map((note) => note.renewed.slice(14, 19));
    expect(renewed.slice(0, 4)).toEqual(["00:00", "00:30", "01:00", "01:30"]);
    expect(new Set(study.lock.notes.map(({ owner }) => owner))).toEqual(
      new Set(["bob@desk, process 2"]),
    );
    const count = study.lock.notes.length;
    await study.clock.runUntilSettled(study.clock.sleep(minutes(10), never));
    expect(study.lock.notes).toHaveLength(count);
    expect(study.lock.note).toBeNull();
  });

  it("keeps it, saying what is still owed, when something could not be taken back", async () => {
    study.fault.heal = async () => {
      throw new OperatingError("timed-out", "the BMC is silent");
    };
    const left = await fakeRestore(study);
    expect(left.map(({ what, refused }) => ({ what, refused }))).toEqual([
      { what: "act 2", refused: false },
    ]);
    expect(study.lock.note?.owed.map(({ id }) => id)).toEqual([2]);
  });
});
