import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { restoreRun } from "../../src/cli/restore/restore-run.ts";
import { openResumed } from "../../src/cli/resume.ts";
import { openRunFolder } from "../../src/store/run-folder.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";
import { fakeRun } from "../support/fake-run.ts";
import { writeRun } from "../support/write-run.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-newer-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A run that died, and that a version which knows more has seen to since. */
async function seenToByNewer(): Promise<string> {
  const run = fakeRun({ trials: 1, diesAfter: 1 });
  await writeRun(folder, run);
  const journal = join(folder, "journal.ndjson");
  const [seq, rest] = [run.records.length, { at_ms: 1e7, wall: "" }];
  const lines = [
    { seq: seq + 1, ...rest, event: { kind: "restore-started", tool: "3.1.4" } },
    { seq: seq + 2, ...rest, event: { kind: "undo-taken-over", trial: "001", id: 1 } },
  ];
  await appendFile(journal, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return journal;
}

describe("a run whose journal a newer version has written to", () => {
  const refused = {
    code: "environment",
    message: expect.stringContaining(
      'this version knows no record of kind "undo-taken-over": blackout 3.1.4 has written it',
    ),
  };

  it("is not resumed, and its journal stays as it is, last record included", async () => {
    const journal = await seenToByNewer();
    const before = await readFile(journal, "utf8");
    await expect(openResumed(folder)).rejects.toMatchObject(refused);
    expect(await readFile(journal, "utf8")).toBe(before);
  });

  it("is not restored, since what it left is not known, and its journal stays as it is", async () => {
    const journal = await seenToByNewer();
    const before = await readFile(journal, "utf8");
    const how = { ...fakeTerminal(), now: true, stop: new AbortController().signal };
    const run = await openRunFolder(folder);
    await expect(restoreRun(run, null, how)).rejects.toMatchObject(refused);
    expect(await readFile(journal, "utf8")).toBe(before);
  });
});
