import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JournalRecord } from "../../../src/model/journal.ts";
import { readJournal } from "../../../src/store/read-journal.ts";
import { pendingIn } from "../../../src/study/restore/pending.ts";
import { FakeStudy } from "../../support/fake-study.ts";
import { fakeRestore, fakeWholeRun } from "../../support/fake-whole-run.ts";

const records = await (async (): Promise<readonly JournalRecord[]> => {
  const study = new FakeStudy();
  const journal = study.journal();
  const kept: JournalRecord[] = [];
  const append: typeof journal.append = async (event) => {
    const record = await journal.append(event);
    kept.push(record);
    return record;
  };
  const run = fakeWholeRun(study, { journal: { append, commit: append } });
  await study.clock.runUntilSettled(run);
  return kept;
})();

/** A cluster as a run leaves it that never comes back from its `position`th record, which is written or not. */
async function crashedAt(position: number, written: boolean): Promise<FakeStudy> {
  const study = new FakeStudy();
  const journal = study.journal();
  let count = 0;
  const crashed = new Promise<void>((resolve) => {
    const append: typeof journal.append = async (event) => {
      count += 1;
      if (count < position) return await journal.append(event);
      if (written && count === position) await journal.append(event);
      resolve();
      return await new Promise(() => undefined);
    };
    fakeWholeRun(study, { journal: { append, commit: append } }).catch(() => undefined);
  });
  await study.clock.runUntilSettled(crashed);
  // What the dead process had still in mind does not happen.
  const after = new FakeStudy();
  after.down = new Set(study.down);
  after.lock.note = study.lock.note;
  after.events.push(...study.events);
  after.acts.push(...study.acts);
  return after;
}

const isDeployed = ({ acts }: FakeStudy): boolean =>
  acts.lastIndexOf("deploy") > acts.lastIndexOf("remove");

describe("restore after a crash", () => {
  const positions = records.map(({ event }, index) => ({ at: index + 1, kind: event.kind }));

  it.each(positions)("at record $at ($kind) finds all that was left, once", async ({ at }) => {
    for (const written of [false, true]) {
      const study = await crashedAt(at, written);
      expect(await fakeRestore(study)).toEqual([]);
      expect([...study.down]).toEqual([]);
      expect(isDeployed(study)).toBe(false);
      expect(study.lock.note).toBeNull();
      expect(pendingIn(study.events.map((event) => ({ event }))).isSettled).toBe(true);
      const acts = [...study.acts];
      expect(await fakeRestore(study)).toEqual([]);
      expect(study.acts).toEqual(acts);
    }
  });

  it("knows at every record of every act on the cluster, in its journal and, once it has the lock, in that", async () => {
    for (const { at } of positions) {
      const study = await crashedAt(at, true);
      const owed = pendingIn(study.events.map((event) => ({ event }))).owed();
      const inLock = study.lock.note?.owed ?? [];
      const acts = [
        ...(isDeployed(study) ? ["deploy the desktop"] : []),
        ...[...study.down].map((node) => `IPMI power off on ${node}`),
      ];
      expect(owed.map(({ act }) => act)).toEqual(expect.arrayContaining(acts));
      expect(inLock.map(({ act }) => act)).toEqual(expect.arrayContaining(acts));
    }
  });
});

describe("a journal torn in its last record", () => {
  it("at every byte of every record says what it said before that record", async () => {
    const folder = await mkdtemp(join(tmpdir(), "blackout-torn-"));
    const lines = records.map((record) => Buffer.from(`${JSON.stringify(record)}\n`));
    const tear = async (last: number): Promise<void> => {
      const path = join(folder, `${last}.ndjson`);
      const whole = Buffer.concat(lines.slice(0, last)).length;
      await writeFile(path, Buffer.concat(lines.slice(0, last + 1)));
      expect((await readJournal(path)).records).toEqual(records.slice(0, last + 1));
      for (let bytes = (lines[last]?.length ?? 0) - 1; bytes >= 0; bytes--) {
        await truncate(path, whole + bytes);
        const read = await readJournal(path);
        const torn = read.torn !== null;
        expect([read.records.length, read.wholeBytes, torn]).toEqual([last, whole, bytes > 0]);
      }
    };
    await Promise.all(lines.map(async (_, last) => await tear(last)));
    await rm(folder, { recursive: true });
  });
});
