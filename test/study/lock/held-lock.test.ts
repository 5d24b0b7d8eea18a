import { describe, expect, it } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { minutes, seconds } from "../../../src/base/time.ts";
import type { ClusterLock } from "../../../src/contracts/cluster-lock.ts";
import type { LockNote } from "../../../src/model/lock.ts";
import { HeldLock, LockLost } from "../../../src/study/lock/held-lock.ts";
import { LocksOfRun } from "../../../src/study/lock/locks-of-run.ts";
import { isLeftBehind } from "../../../src/study/restore/left-behind.ts";
import { FakeLock } from "../../support/fake-lock.ts";
import { FakeStudy } from "../../support/fake-study.ts";
import { fakeWholeRun } from "../../support/fake-whole-run.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const never = new AbortController().signal;
const holder = { run: "run", owner: "ada@bench, process 1" };
const owed = {
  trial: "001-arm-1",
  id: 1,
  act: "switch pve2 off",
  undo: {
    kind: "heal-fault",
    cluster: "fake",
    fault: { kind: "power", action: "off", over: "ipmi" },
    victim: "pve2",
  },
} as const;

const full = async (): Promise<never> => {
  throw new OperatingError("environment", "the disk is full");
};

async function held(lock: ClusterLock, clock: VirtualClock): Promise<HeldLock> {
  const taking = await clock.runUntilSettled(HeldLock.take(lock, holder, clock, never));
  if (taking.kind === "refused") throw new Error("refused");
  return taking.lock;
}

describe("HeldLock", () => {
  it("is renewed every 30 s, by stamps of its own clock, until it is given back", async () => {
    const clock = new VirtualClock();
    const lock = new FakeLock();
    const ours = await held(lock, clock);
    await clock.runUntilSettled(clock.sleep(seconds(100), never));
    expect(lock.notes.map(({ renewed }) => renewed.slice(14, 19))).toEqual([
      "00:00",
      "00:30",
      "01:00",
      "01:30",
    ]);
    expect(lock.note).toMatchObject({ expires: "2026-01-01T00:03:30.000Z", ttl_ms: 120_000 });
    expect(await clock.runUntilSettled(ours.release())).toBe(true);
    expect(lock.note).toBeNull();
    await clock.runUntilSettled(clock.sleep(minutes(10), never));
    expect(lock.notes).toHaveLength(4);
  });

  it("refuses who comes second, and leaves the first one's note as it is", async () => {
    const clock = new VirtualClock();
    const lock = new FakeLock();
    await held(lock, clock);
    const second = HeldLock.take(lock, { run: "other", owner: "bob" }, clock, never);
    const taking = await clock.runUntilSettled(second);
    expect(taking).toMatchObject({ kind: "refused", holder });
    expect(lock.notes).toHaveLength(1);
  });

  it("is not lost while its cluster cannot be reached, however long; says so when somebody took it", async () => {
    const clock = new VirtualClock();
    const lock = new FakeLock();
    const { write } = lock;
    const ours = await held(lock, clock);
    lock.write = async () => {
      throw new OperatingError("unreachable", "no route to host");
    };
    await clock.runUntilSettled(clock.sleep(minutes(30), never));
    expect(ours.lost.aborted).toBe(false);
    lock.write = write;
    lock.note = null;
    await clock.runUntilSettled(clock.sleep(seconds(31), never));
    expect(ours.lost.reason).toBeInstanceOf(LockLost);
    await expect(ours.owe(owed)).rejects.toBeInstanceOf(LockLost);
  });

  it("holds what is owed before the act, stays while anything is, and tells by the next write what is not any more", async () => {
    const clock = new VirtualClock();
    const lock = new FakeLock();
    const ours = await held(lock, clock);
    await clock.runUntilSettled(ours.owe(owed));
    expect(lock.note?.owed).toEqual([owed]);
    expect(await clock.runUntilSettled(ours.release())).toBe(false);
    expect(lock.note?.owed).toEqual([owed]);
    await clock.runUntilSettled(ours.settle(owed.trial, owed.id));
    expect(lock.note?.owed).toEqual([]);
    expect(await clock.runUntilSettled(ours.release())).toBe(true);
  });

  it("rejects what it cannot write down, so that nothing is done", async () => {
    const study = new FakeStudy();
    const { write } = study.lock;
    study.lock.write = async (note: LockNote) => {
      if (note.owed.length === 2) throw new OperatingError("unreachable", "no route to host");
      await write(note);
    };
    const ending = await study.clock.runUntilSettled(fakeWholeRun(study));
    expect(study.acts).toEqual(["deploy", "avoid pve2", "heal pve2", "avoid nobody", "remove"]);
    expect(ending.end).toBe("completed");
    expect(study.lock.note).toBeNull();
  });
});

describe("a run whose lock is taken away in the middle of an outage", () => {
  it("heals at once, ends as refused, and touches the other's lock no more", async () => {
    const study = new FakeStudy();
    const { fault } = study.parts();
    const other = { ...holder, run: "other" };
    study.fault.inject = async (strike, signal) => {
      await fault.inject(strike, signal);
      const { note } = study.lock;
      if (note !== null) study.lock.note = { ...note, ...other };
    };
    const ending = await study.clock.runUntilSettled(fakeWholeRun(study));
    expect(ending).toMatchObject({ end: "refused" });
    expect(ending.detail).toMatch(/is not this run's any more/u);
    expect([...study.down]).toEqual([]);
    expect(study.acts.at(-1)).toBe("remove");
    expect(study.lock.note).toMatchObject({ run: "other" });
  });
});

describe("LocksOfRun", () => {
  it("does not call a lock kept that it gave back and could not note", async () => {
    const clock = new VirtualClock();
    const lock = new FakeLock();
    const journal = new FakeStudy().journal();
    const locks = new LocksOfRun({ journal: { ...journal, append: full }, clock, holder });
    expect(await clock.runUntilSettled(locks.take("fake", lock, never))).toBeNull();
    expect(await clock.runUntilSettled(locks.release())).toEqual([]);
    expect(lock.note).toBeNull();
  });

  it("gives back a lock of which it never learnt whether it had it", async () => {
    const clock = new VirtualClock();
    const lock = new FakeLock();
    const { take } = lock;
    lock.take = async (note) => {
      await take(note);
      throw new OperatingError("timed-out", "no answer");
    };
    const study = new FakeStudy();
    const locks = new LocksOfRun({ journal: study.journal(), clock, holder });
    const taking = clock.runUntilSettled(locks.take("fake", lock, never));
    await expect(taking).rejects.toThrow("no answer");
    expect(lock.note).not.toBeNull();
    expect(await clock.runUntilSettled(locks.release())).toEqual([]);
    expect(lock.note).toBeNull();
    expect(study.kinds()).toEqual(["lock-wanted", "lock-released"]);
  });

  it("leaves one alone that another process of the same run has, when its own try was not answered", async () => {
    const clock = new VirtualClock();
    const lock = new FakeLock();
    const first = { ...holder, owner: "ada@bench, process 2" };
    await clock.runUntilSettled(HeldLock.take(lock, first, clock, never));
    lock.take = async () => {
      throw new OperatingError("timed-out", "no answer");
    };
    const locks = new LocksOfRun({ journal: new FakeStudy().journal(), clock, holder });
    const taking = clock.runUntilSettled(locks.take("fake", lock, never));
    await expect(taking).rejects.toThrow("no answer");
    expect(await clock.runUntilSettled(locks.release())).toEqual([]);
    expect(lock.note).toMatchObject(first);
  });

  it("is not stopped half-way while it asks for a lock", async () => {
    const study = new FakeStudy();
    const stop = new AbortController();
    const { take } = study.lock;
    study.lock.take = async (note) => {
      stop.abort(new Error("Ctrl-C"));
      return await take(note);
    };
    const ending = await study.clock.runUntilSettled(fakeWholeRun(study, { stop: stop.signal }));
    expect(ending).toEqual({ end: "interrupted", detail: "Ctrl-C" });
    expect(study.lock.note).toBeNull();
    expect(study.kinds()).toContain("lock-released");
    expect(study.acts).toEqual([]);
  });

  it("says which lock could not be given back", async () => {
    const clock = new VirtualClock();
    const lock = new FakeLock();
    const locks = new LocksOfRun({ journal: new FakeStudy().journal(), clock, holder });
    await clock.runUntilSettled(locks.take("fake", lock, never));
    lock.release = async () => {
      throw new OperatingError("unreachable", "no route to host");
    };
    const failures = await clock.runUntilSettled(locks.release());
    expect(failures).toEqual(["the lock of fake: no route to host"]);
  });
});

describe("isLeftBehind", () => {
  it("is true of a holder that has not renewed for 72 s of our clock, whatever its stamps say", async () => {
    const clock = new VirtualClock();
    const lock = new FakeLock();
    const note = {
      ...holder,
      format: 1,
      taken: "2030-01-01T00:00:00.000Z",
      renewed: "2030-01-01T00:00:00.000Z",
      expires: "2030-01-01T00:02:00.000Z",
      ttl_ms: 120_000,
      owed: [],
    } as const;
    lock.note = note;
    expect(await clock.runUntilSettled(isLeftBehind(lock, note, clock, never))).toBe(true);
    expect(clock.wall().toISO()).toBe("2026-01-01T00:01:12.000Z");
  });

  it("is false as soon as it renews, at the earliest look after that", async () => {
    const clock = new VirtualClock();
    const lock = new FakeLock();
    await held(lock, clock);
    const [note] = lock.notes;
    if (note === undefined) throw new Error("no note");
    expect(await clock.runUntilSettled(isLeftBehind(lock, note, clock, never))).toBe(false);
    expect(clock.wall().toISO()).toBe("2026-01-01T00:00:30.000Z");
  });
});
