import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { report } from "../../../src/cli/commands/report.ts";
import { formatsAsked, formatsInWords } from "../../../src/cli/formats-asked.ts";
import { formats } from "../../../src/reporters/reporters.ts";
import { fakeRun } from "../../support/fake-run.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";
import { writeRun } from "../../support/write-run.ts";

let folder = "";
let run = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-report-"));
  run = join(folder, "run");
  await writeRun(run, fakeRun({ trials: 2, fate: () => "recovers" }));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const facts = ["journal.ndjson", "plan.json", "samples.ndjson"];

const names = (asked: readonly string[]): readonly string[] =>
  formatsAsked(asked).map(({ name }) => name);

describe("report --format", () => {
  it("writes what is asked for and nothing else, and tells each file", async () => {
    const output = join(folder, "new", "deeper");
    const { terminal, out } = fakeTerminal();
    await report(run, { format: ["junit", "csv"], output }, terminal);
    expect((await readdir(output)).toSorted()).toEqual(["junit.xml", "trials.csv"]);
    expect(out()).toContain(`\n${join(output, "trials.csv")}\n${join(output, "junit.xml")}\n`);
    expect((await readdir(run)).toSorted()).toEqual(facts);
  });

  it("writes by default into the run's folder", async () => {
    await report(run, {}, fakeTerminal().terminal);
    expect(await readdir(run)).toEqual(expect.arrayContaining(["report.html", "report.json"]));
  });

  it("prints report.json whatever is written", async () => {
    const { terminal, out } = fakeTerminal();
    await report(run, { json: true, format: ["json"], output: folder }, terminal);
    expect(out()).toBe(await readFile(join(folder, "report.json"), "utf8"));
  });

  it("refuses a name that it does not know with those that it does, and writes nothing", async () => {
    const output = join(folder, "unwritten");
    const refused = report(run, { format: ["csv", "jnit"], output }, fakeTerminal().terminal);
    await expect(refused).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringMatching(
        /^--format jnit: there is no such format; allowed: json, csv, .*all; did you mean "junit"\?$/u,
      ),
    });
    expect(await readdir(folder)).not.toContain("unwritten");
  });

  it("sends traces only when it is asked to, and says where nothing could be sent", async () => {
    const before = process.env["OTEL_TRACES_EXPORTER"];
    process.env["OTEL_TRACES_EXPORTER"] = "none";
    try {
      for (const sendTraces of [true, false]) {
        const { terminal, err } = fakeTerminal();
        await report(run, { format: ["json"], output: folder, sendTraces }, terminal);
        expect(err().includes("no traces were sent: OTEL_TRACES_EXPORTER is none")).toBe(
          sendTraces,
        );
      }
    } finally {
      if (before === undefined) delete process.env["OTEL_TRACES_EXPORTER"];
      else process.env["OTEL_TRACES_EXPORTER"] = before;
    }
  });

  it("takes all for every format, and nothing for those by default", () => {
    expect(names(["all"])).toEqual([...formats.keys()]);
    const byDefault = [...formats].filter(([, format]) => format.byDefault);
    expect(names([])).toEqual(byDefault.map(([name]) => name));
  });

  it("lists every format in its help", () => {
    const lines = formatsInWords().split("\n");
    expect(lines.map((line) => line.trim().split(/ +/u)[0])).toEqual([...formats.keys()]);
    for (const { about, byDefault } of formats.values())
      expect(
        lines.filter((line) => line.endsWith(`${byDefault ? "*" : " "} ${about}`)),
      ).toHaveLength(1);
  });
});
