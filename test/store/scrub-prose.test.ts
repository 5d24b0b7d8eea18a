import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JournalEvent } from "../../src/model/journal.ts";
import type { Undo } from "../../src/model/undo.ts";
import { SecretScrubber } from "../../src/platform/secret-scrubber.ts";
import { FileJournal } from "../../src/store/file-journal.ts";
import { FileSampleSink } from "../../src/store/file-sample-sink.ts";
import { readJournal } from "../../src/store/read-journal.ts";
import { health } from "../support/fake-study.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const scrubber = new SecretScrubber();
scrubber.add("s3cr3t-token");
/** A password that is also a node's name, and one that is also a word of ours. */
scrubber.add("pve2");
scrubber.add("kind");

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-scrub-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const trial = "001-pve2-1";
const undo: Undo = {
  kind: "heal-fault",
  cluster: "pve2",
  fault: { kind: "power", action: "off", over: "ipmi" },
  victim: "pve2",
};
const events: readonly JournalEvent[] = [
  { kind: "intent", trial, id: 1, act: "power off on pve2", undo },
  { kind: "act-failed", trial, id: 1, error: 'HTTP 401: "Bearer s3cr3t-token"' },
  { kind: "cluster-ready", trial, health: health({ problems: ["s3cr3t-token is odd"] }) },
  { kind: "refused", trial, refusals: [{ guard: "x", saw: "s3cr3t-token", needs: "another" }] },
  { kind: "hook-ended", hook: "after_run", around: null, ok: false, detail: "no", said: "pve2" },
  { kind: "fault-requested", trial, fault: undo.fault, victim: "pve2" },
];

describe("a journal", () => {
  it("holds no secret in what anybody has worded, and is read back", async () => {
    const path = join(folder, "journal.ndjson");
    const journal = await FileJournal.create(path, new VirtualClock(), scrubber.scrub);
    for (const event of events) await journal.commit(event);
    await journal.close();
    expect(await readFile(path, "utf8")).not.toContain("s3cr3t-token");
    const { records, torn } = await readJournal(path);
    expect(torn).toBeNull();
    const read = records.map(({ event }) => event);
    expect(read[1]).toMatchObject({ error: 'HTTP 401: "Bearer ***"' });
    expect(read[2]).toMatchObject({ health: { problems: ["*** is odd"] } });
    expect(read[4]).toMatchObject({ said: "***" });
  });

  it("keeps all that is needed to take an act back, though a password should be a node's name", async () => {
    const path = join(folder, "journal.ndjson");
    const journal = await FileJournal.create(path, new VirtualClock(), scrubber.scrub);
    for (const event of events) await journal.commit(event);
    await journal.close();
    const continued = await FileJournal.continue(
      await readJournal(path),
      new VirtualClock(),
      scrubber.scrub,
    );
    await continued.append({ kind: "undo-failed", trial, id: 1, error: "s3cr3t-token" });
    await continued.close();
    const { records } = await readJournal(path);
    expect(records[0]?.event).toEqual(events[0]);
    expect(records[2]?.event).toMatchObject({ health: { nodes: health().nodes } });
    expect(records[5]?.event).toEqual(events[5]);
    expect(records[6]?.event).toMatchObject({ trial, error: "***" });
  });
});

it("samples hold no secret in what a server has worded", async () => {
  const path = join(folder, "samples.ndjson");
  const sink = await FileSampleSink.create(path, scrubber.scrub);
  const times = { scheduled_ms: 0, started_ms: 0, ended_ms: 1 };
  sink.add({
    seq: 0,
    trial,
    target: "desktop",
    ...times,
    result: {
      kind: "bad",
      reached: "http",
      failure: { kind: "websocket-close", code: 1008, reason: "bad ticket s3cr3t-token" },
    },
  });
  await sink.close();
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
    trial,
    result: { failure: { reason: "bad ticket ***" } },
  });
});
