import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { baseline } from "../../src/cli/commands/baseline.ts";
import type { CompareOptions } from "../../src/cli/commands/compare.ts";
import { compare } from "../../src/cli/commands/compare.ts";
import type { Comparison } from "../../src/model/baseline.ts";
import { fakeRun } from "../support/fake-run.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";
import { writeRun } from "../support/write-run.ts";

let folder: string;
/** A run, its baseline, and that of a run of the same experiment with another seed. */
let [run, kept, other] = ["", "", ""];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compare-"));
  [kept, other] = [join(folder, "kept.json"), join(folder, "other.json")];
  run = await written("first", 1);
  await baseline(run, { output: kept }, fakeTerminal().terminal);
  await baseline(await written("second", 2), { output: other }, fakeTerminal().terminal);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function written(name: string, seed: number): Promise<string> {
  const path = await mkdtemp(join(folder, name));
  const { plan, records, samples } = fakeRun({ seed, trials: 8, fate: () => "recovers" });
  await writeRun(path, { plan: { ...plan, run: name }, records, samples });
  return path;
}

async function compared(
  own: string,
  against: string,
  options: CompareOptions = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const { terminal, out, err } = fakeTerminal();
  const code = await compare(own, against, options, terminal);
  return { code, out: out(), err: err() };
}

describe("compare", () => {
  it("holds a run against another, arm by arm, and only tells", async () => {
    const { code, out } = await compared(other, kept);
    expect(code).toBe(0);
    expect(out).toMatch(/^second against first\n\nproxmox-guest\n/u);
    expect(out).toMatch(
      /~ recovery no evidence of a difference: .* \(95 %: .*; p = .*8 trials\)/su,
    );
  });

  it("takes a baseline where it takes a run", async () => {
    const { out } = await compared(other, run, { json: true });
    const told = JSON.parse(out) as Comparison;
    expect(told).toEqual(JSON.parse((await compared(other, kept, { json: true })).out));
    expect(told.arms.map(({ arm }) => arm)).toEqual([
      "proxmox-guest",
      "proxmox-console",
      "kubernetes",
    ]);
  });

  it("fails, passes or is undecided by --max-slower, with the exit codes of a run", async () => {
    const slower = ["proxmox-guest=kubernetes"];
    expect(await compared(other, kept, { arm: slower, maxSlower: "5s" })).toMatchObject({
      code: 1,
      err: "FAIL: at most 5 s slower\n",
    });
    const faster = ["kubernetes=proxmox-guest"];
    expect((await compared(other, kept, { arm: faster, maxSlower: "5s" })).code).toBe(0);
    expect((await compared(other, kept, { maxSlower: "1ms" })).code).toBe(3);
    expect((await compared(other, kept, { maxSlower: "1m" })).code).toBe(0);
  });

  it("passes no run of which trials say nothing, unless as many as are left are asked for", async () => {
    const text = (await readFile(kept, "utf8")).replace(
      '"without_result": 0',
      '"without_result": 2',
    );
    const short = join(folder, "short.json");
    await writeFile(short, text);
    const { code, out } = await compared(other, short, { maxSlower: "1m" });
    expect(code).toBe(3);
    expect(out).toContain("! 0 of its trials say nothing (void, refused, interrupted or not");
    expect((await compared(other, short, { maxSlower: "1m", minValid: 8 })).code).toBe(0);
    expect((await compared(other, short, { maxSlower: "1m", minValid: 9 })).code).toBe(3);
  });

  it("writes a page beside what it prints, with the verdict of --max-slower", async () => {
    const html = join(folder, "comparison.html");
    const arm = ["proxmox-guest=kubernetes"];
    const { code, out } = await compared(other, kept, { arm, maxSlower: "5s", html });
    expect(code).toBe(1);
    expect(out).toContain("> recovery slower by");
    const page = await readFile(html, "utf8");
    expect(page).toMatch(/<p class="headline">Recovery is slower on proxmox-guest \(against kub/u);
    expect(page).toContain("FAIL</span><span>at most 5\u00a0s slower</span>");
  });

  it("warns where settings differ, so that nothing is called alike that is not", async () => {
    const { out } = await compared(other, kept, { arm: ["kubernetes=proxmox-guest"] });
    expect(out).toContain("kubernetes against proxmox-guest\n");
    expect(out).toContain("! another desktop: Deployment of");
    expect(out).toContain("! another cluster: kubernetes ");
  });

  it("compares the measures that are asked for", async () => {
    const { out } = await compared(other, kept, { measure: ["detection"], json: true });
    const { arms } = JSON.parse(out) as Comparison;
    expect(arms.flatMap(({ measures }) => measures.map(({ measure }) => measure))).toEqual([
      "detection",
      "detection",
      "detection",
    ]);
  });

  it.each([
    [{ arm: ["kubernets"] }, 'second has no arm "kubernets"; allowed: .*did you mean "kubernetes"'],
    [{ arm: ["kubernetes=k"] }, 'first has no arm "k"; allowed: '],
    [{ arm: ["a=b=c"] }, "must be <arm> or <arm>=<arm>"],
    [{ measure: ["recover"] }, '--measure recover: .*did you mean "recovery"'],
    [{ maxSlower: "5" }, "--max-slower 5: 5 has no unit"],
  ])("says what is wrong and what exists: %o", async (options, message) => {
    await expect(compared(other, kept, options)).rejects.toThrow(new RegExp(message, "u"));
    await expect(compared(other, kept, options)).rejects.toMatchObject({ code: "configuration" });
  });

  it("says of a path that is neither run nor baseline what it is", async () => {
    await expect(compared(other, join(folder, "none"))).rejects.toThrow(
      /none as there is neither a run folder nor a baseline file/u,
    );
    await expect(compared(other, join(run, "plan.json"))).rejects.toThrow(
      /plan\.json:1:1: kind: is missing/u,
    );
  });

  it("says which arms each side has where no name is alike", async () => {
    const text = (await readFile(kept, "utf8")).replaceAll(
      /"name": "(?=proxmox|kubernetes)/gu,
      '"name": "old-',
    );
    const renamed = join(folder, "renamed.json");
    await writeFile(renamed, text);
    await expect(compared(other, renamed)).rejects.toThrow(
      /no arm of second \(proxmox-guest, proxmox-console, kubernetes\) has the name of one of first \(old-proxmox-guest, .*--arm <arm>=<arm>/u,
    );
  });
});

describe("baseline", () => {
  it("is the same text for the same run, ends in a newline, and goes to standard output without a file", async () => {
    const { terminal, out } = fakeTerminal();
    expect(await baseline(run, {}, terminal)).toBe(0);
    expect(out()).toBe(await readFile(kept, "utf8"));
    expect(out().endsWith("}\n")).toBe(true);
    expect(out().length).toBeLessThan(20_000);
  });

  it("says why a file cannot be written", async () => {
    const nowhere = join(folder, "no", "such", "file.json");
    const unwritten = baseline(run, { output: nowhere }, fakeTerminal().terminal);
    await expect(unwritten).rejects.toMatchObject({ code: "environment" });
  });
});
