import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { untilStruck } from "../../scripts/pictures/until-struck.ts";

let reports = "";
beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), "blackout-struck-"));
  await mkdir(join(reports, "run"));
  const event = { kind: "fault-confirmed", trial: "004-kubernetes-1" };
  await writeFile(join(reports, "run/journal.ndjson"), `${JSON.stringify({ event })}\n`);
});
afterAll(async () => {
  await rm(reports, { recursive: true });
});

const alive = { exitCode: null, signalCode: null };

it("untilStruck ends when the trial was struck, even where the run has ended since", async () => {
  for (const exitCode of [null, 0]) {
    const process = { exitCode, signalCode: null };
    await expect(untilStruck({ reports, process }, "004-")).resolves.toBeUndefined();
  }
});

it.each([
  ["leaves", { exitCode: 70, signalCode: null }, "70"],
  ["is killed", { exitCode: null, signalCode: "SIGKILL" }, "SIGKILL"],
] as const)("untilStruck throws when the run %s before", async (_, process, how) => {
  await expect(untilStruck({ reports, process }, "005-")).rejects.toThrow(
    `The run ended (${how}) before trial 005- was struck`,
  );
});

it("untilStruck throws when nothing comes of it", async () => {
  const nowhere = join(reports, "nowhere");
  await expect(untilStruck({ reports: nowhere, process: alive }, "004-", 0)).rejects.toThrow(
    "was not struck within 0 s",
  );
});
