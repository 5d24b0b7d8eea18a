import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { list } from "../../../src/cli/commands/list.ts";
import { report } from "../../../src/cli/commands/report.ts";
import { listLines } from "../../../src/cli/history/list-lines.ts";
import type { KnownRun, ListedRun } from "../../../src/cli/history/read-runs.ts";
import { ownerHere } from "../../../src/cli/owner.ts";
import type { FakeRun } from "../../support/fake-run.ts";
import { fakeRun } from "../../support/fake-run.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";
import { writeRun } from "../../support/write-run.ts";

let reports = "";
beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), "blackout-list-"));
  await written("2026-01-01T00-00-00Z-judged", whole);
  await written("went-on", whole);
  for (const name of ["2026-01-01T00-00-00Z-judged", "went-on"])
    await report(join(reports, name), { format: ["json"] }, fakeTerminal().terminal);
  await appendFile(join(reports, "went-on", "journal.ndjson"), later(whole));
  await written("newer-report", whole);
  await writeFile(join(reports, "newer-report", "report.json"), '{"format":2}');
  await written("under-way", owned(ownerHere()));
  await written("died", owned(ownerHere().replace(/process \d+/u, "process 2147483647")));
  await written("damaged", whole);
  await appendFile(join(reports, "damaged", "journal.ndjson"), "garbage\nmore of it\n");
  await mkdir(join(reports, "plan-alone"));
  await writeFile(join(reports, "plan-alone", "plan.json"), "{}");
  await mkdir(join(reports, "no-run"));
  await writeFile(join(reports, "README.md"), "# Runs");
});
afterAll(async () => {
  await rm(reports, { recursive: true });
});

const whole = fakeRun({ trials: 2, fate: () => "recovers" });
const written = async (name: string, run: FakeRun): Promise<void> => {
  await writeRun(join(reports, name), run);
};

/** As `run --resume` would begin. */
const later = ({ records }: FakeRun): string =>
  `${JSON.stringify({
    seq: records.length + 1,
    at_ms: 1e9,
    wall: "2026-01-13T00:00:00.000Z",
    event: { kind: "run-resumed", tool: "0.0.0" },
  })}\n`;

/** It holds a lock, and has no end. */
function owned(owner: string): FakeRun {
  const { records, ...rest } = fakeRun({ trials: 2, diesAfter: 1 });
  const [start, ...more] = records.map((record) => ({ ...record, seq: record.seq + 1 }));
  if (start === undefined) throw new Error("no record");
  return {
    ...rest,
    records: [
      { ...start, seq: 1, event: { ...start.event, owner } as typeof start.event },
      {
        ...start,
        seq: 2,
        event: { kind: "lock-wanted", cluster: "lab-pve", lock: "blackout-lock" },
      },
      ...more,
    ],
  };
}

async function listed(): Promise<ReadonlyMap<string, ListedRun>> {
  const { terminal, out } = fakeTerminal();
  expect(await list(reports, { json: true }, terminal)).toBe(0);
  const { format, runs } = JSON.parse(out()) as { format: number; runs: readonly ListedRun[] };
  expect(format).toBe(1);
  return new Map(runs.map((run) => [run.folder, run]));
}

describe("list --json", () => {
  it("holds every folder of a run once, and nothing else", async () => {
    expect([...(await listed()).keys()].toSorted()).toEqual([
      "2026-01-01T00-00-00Z-judged",
      "damaged",
      "died",
      "newer-report",
      "plan-alone",
      "under-way",
      "went-on",
    ]);
  });

  it("tells of a judged run what report.json has", async () => {
    const told = JSON.parse(
      await readFile(join(reports, "2026-01-01T00-00-00Z-judged", "report.json"), "utf8"),
    );
    const median = told.arms[0].statistics[0].values_ms.median.value_ms;
    expect(median).toBeGreaterThan(100_000);
    expect((await listed()).get("2026-01-01T00-00-00Z-judged")).toMatchObject({
      kind: "run",
      run: "20260101-000000-fake",
      started_wall: "2026-01-01T00:00:00.000Z",
      experiment: { name: "fake" },
      arms: [
        { name: "proxmox-guest", median_ms: median },
        { name: "proxmox-console" },
        { name: "kubernetes" },
      ],
      trials: { planned: 6, completed: 6 },
      verdict: told.verdict.name,
      end: "completed",
      alive: null,
      left_behind: false,
      tool: "0.0.0",
    });
  });

  it("takes no verdict from before the run went on, nor from a report.json of another version", async () => {
    const runs = await listed();
    expect(runs.get("went-on")).toMatchObject({ verdict: null, end: null });
    const unread = { verdict: null, end: "completed", arms: [{ median_ms: null }, {}, {}] };
    expect(runs.get("newer-report")).toMatchObject(unread);
  });

  it("tells a run at work from one that died and left something behind", async () => {
    const runs = await listed();
    const begun = { end: null, trials: { planned: 6, completed: 1 } };
    expect(runs.get("under-way")).toMatchObject({ ...begun, alive: true, left_behind: false });
    expect(runs.get("died")).toMatchObject({ ...begun, alive: false, left_behind: true });
  });

  it("says of a damaged folder what is wrong with it", async () => {
    const runs = await listed();
    const journal = join(reports, "damaged", "journal.ndjson");
    const line = whole.records.length + 1;
    expect(runs.get("damaged")).toEqual({
      kind: "unreadable",
      folder: "damaged",
      why: `Cannot read ${journal}:${line} as the line is no record of a journal`,
    });
    expect(runs.get("plan-alone")).toMatchObject({
      kind: "unreadable",
      why: expect.stringContaining("as it does not exist"),
    });
  });
});

describe("list", () => {
  it("shows a row for each run, and below them what is wrong", async () => {
    const { terminal, out } = fakeTerminal(200);
    expect(await list(reports, {}, terminal)).toBe(0);
    expect(out()).toMatch(
      /^2026-01-01T00-00-00Z-judged {2}2026-01-01 00:00Z {2}fake +6\/6 {2}(?:PASS|FAIL|INCONCLUSIVE) +1\d\d\.\d \/ 1\d\d\.\d \/ \d+\.\d +proxmox-guest \/ proxmox-console \/ kubernetes {2}completed +0\.0\.0$/mu,
    );
    expect(out()).toMatch(/^newer-report .* not judged +– \/ – \/ – .*completed/mu);
    expect(out()).toMatch(/^under-way .* under way/mu);
    const died = join(reports, "died");
    expect(out()).toContain(`! ${died} left something behind: blackout restore ${died}`);
    expect(out()).toContain("! damaged: Cannot read ");
  });

  it("keeps the name and the answer where there is little room", async () => {
    const { terminal, out } = fakeTerminal(60);
    await list(reports, {}, terminal);
    const [titles = ""] = out().split("\n");
    expect(titles.trim().split(/ {2,}/u)).toEqual(["run", "verdict"]);
  });

  it("says that there are none, and with exit 2 that there is no such folder", async () => {
    const { terminal, out } = fakeTerminal();
    expect(await list(join(reports, "no-run"), {}, terminal)).toBe(0);
    expect(out()).toBe(`${join(reports, "no-run")} holds no runs\n`);
    const nowhere = join(reports, "nowhere");
    await expect(list(nowhere, {}, terminal)).rejects.toMatchObject({ code: "environment" });
  });

  it("shows foreign text harmless", () => {
    const hostile: KnownRun = {
      kind: "run",
      folder: "run\u001b[2J",
      run: "run",
      started_wall: null,
      experiment: { name: "\u001b]0;owned\u0007x\ny", title: "" },
      arms: [{ name: "a\u202eb", median_ms: 1000 }],
      trials: { planned: 1, completed: 1 },
      verdict: "pass",
      end: "completed",
      alive: null,
      left_behind: true,
      tool: "0\r\n1",
    };
    const { terminal } = fakeTerminal(300);
    const text = listLines("reports", [hostile], {
      colours: terminal.outColours,
      width: terminal.width(),
    });
    expect(text).toMatch(/^run +– +x y +1\/1 +PASS +1\.0 +ab +completed +0 1$/mu);
    // oxlint-disable-next-line no-control-regex -- what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/u);
  });
});
