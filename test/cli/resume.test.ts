import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownerIn } from "../../src/cli/owner-in.ts";
import { ownerHere } from "../../src/cli/owner.ts";
import { openResumed, resumedJournal } from "../../src/cli/resume.ts";
import type { JournalEvent } from "../../src/model/journal.ts";
import type { RunPlan } from "../../src/model/plan.ts";
import { FileJournal } from "../../src/store/file-journal.ts";
import { writePlan } from "../../src/store/plan-file.ts";
import { readJournal } from "../../src/store/read-journal.ts";
import { fakeExperiment } from "../support/fake-experiment.ts";
import { arm } from "../support/fake-study.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-resume-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const plan: RunPlan = {
  format: 1,
  run: "run",
  tool: "test",
  experiment: { ...fakeExperiment(1, 2), arms: [arm] },
  inventory: { file: "inventory.yaml", clusters: [] },
  lab: null,
  trials: [1, 2].map((repetition) => ({
    id: `00${repetition}-arm-1`,
    arm: "arm",
    repetition,
    seed: 1,
  })),
};

const started = (owner?: string): JournalEvent => ({
  kind: "run-started",
  format: 1,
  run: "run",
  ...(owner === undefined ? {} : { owner }),
  tool: "test",
  seed: 1,
  clock: { speed: 1, deadline_floor_ms: 0, period_floor_ms: 0 },
});
const begun: JournalEvent = {
  kind: "trial-started",
  trial: "001-arm-1",
  arm: "arm",
  repetition: 1,
  cluster: "fake",
  seed: 1,
};
const clock = new VirtualClock();

/** A run folder with these facts. */
async function runOf(...events: readonly JournalEvent[]): Promise<void> {
  await writePlan(join(folder, "plan.json"), plan);
  const journal = await FileJournal.create(join(folder, "journal.ndjson"), clock);
  for (const event of events) await journal.append(event);
  await journal.close();
}
const journalText = async (): Promise<string> =>
  await readFile(join(folder, "journal.ndjson"), "utf8");

describe("a run that is resumed twice", () => {
  it("goes on once: the second, which has read it before the first went on, is refused and writes nothing", async () => {
    await runOf(started("ada@elsewhere, process 1"), begun);
    const [first, second] = [await openResumed(folder), await openResumed(folder)];
    const journal = await resumedJournal(first, clock);
    await journal.append({ kind: "run-resumed", owner: "ada@elsewhere, process 2", tool: "test" });
    const before = await journalText();
    await expect(resumedJournal(second, clock)).rejects.toMatchObject({ code: "unsafe" });
    expect(await journalText()).toBe(before);
    await journal.close();
    const { records } = await readJournal(join(folder, "journal.ndjson"));
    expect(records.map(({ event }) => event.kind)).toEqual([
      "run-started",
      "trial-started",
      "trial-ended",
      "run-resumed",
    ]);
  });

  it("is not opened while the process that went on with it last is alive, though it holds no lock", async () => {
    await runOf(started("ada@elsewhere, process 1"), begun);
    await expect(openResumed(folder)).resolves.toMatchObject({ plan: { run: "run" } });
    const journal = await FileJournal.continue(
      await readJournal(join(folder, "journal.ndjson")),
      clock,
    );
    const refused = {
      code: "unsafe",
      message: expect.stringContaining(`${folder} is still worked on by ${ownerHere()}: `),
    };
    await journal.append({ kind: "run-resumed", owner: ownerHere(), tool: "test" });
    await expect(openResumed(folder)).rejects.toMatchObject(refused);
    // What it owes then is its own to take back.
    await journal.append({ kind: "lock-wanted", cluster: "fake", lock: "a lock" });
    await expect(openResumed(folder)).rejects.toMatchObject(refused);
    await journal.close();
  });
});

const ownerOf = (...events: readonly JournalEvent[]): string | null =>
  ownerIn(events.map((event, index) => ({ seq: index + 1, at_ms: 0, wall: "", event })));

describe("ownerIn", () => {
  it("is who went on with the run last, else who began it; unknown where an old version did not say", () => {
    const resumed = { kind: "run-resumed", tool: "test" } as const;
    expect(ownerOf(started("ada"), begun)).toBe("ada");
    expect(ownerOf(started("ada"), { ...resumed, owner: "bob" }, begun)).toBe("bob");
    expect(ownerOf(started("ada"), { ...resumed, owner: "bob" }, resumed)).toBeNull();
    expect(ownerOf(started())).toBeNull();
    expect(ownerOf()).toBeNull();
  });
});
