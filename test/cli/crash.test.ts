import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { root } from "../support/lab-child.ts";

const secret = "s3cr3t-of-the-cluster";
const built = (name: string): string => pathToFileURL(join(root, "dist/cli", name)).href;

/** The built program's watch in a process of its own, which then does something that nobody catches. */
async function dying(last: string): Promise<{ readonly code: unknown; readonly err: string }> {
  const folder = mkdtempSync(join(tmpdir(), "blackout-crash-"));
  const script = `
    const [{ watchForCrashes }, { processTerminal }, { scrubber }] = await Promise.all(
      ["${built("crash.js")}", "${built("terminal.js")}", "${built("surroundings.js")}"].map((each) => import(each)));
    scrubber.add("${secret}");
    const terminal = processTerminal();
    watchForCrashes(terminal);
    ${last}`;
  const flags = ["--report-uncaught-exception", "--report-on-fatalerror", "--input-type=module"];
  try {
    return await new Promise((resolve) => {
      const options = { cwd: folder, env: { ...process.env, BLACKOUT_DEBUG: "1" } };
      execFile(process.execPath, [...flags, "-e", script], options, (error, _out, err) => {
        expect(readdirSync(folder)).toEqual([]);
        resolve({ code: error?.code ?? 0, err });
      });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A command that writes JSON lines, and does that meanwhile. */
const logging = (act: string): string => `
  const { logged } = await import("${built("live/json-log.js")}");
  void logged({ log: "json" }, terminal, async () => { ${act}; await new Promise(() => setTimeout(() => process.exit(0), 9e3)); });`;

const linesOf = (log: string): readonly unknown[] =>
  log
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));

describe("in a log of JSON lines", () => {
  it("Node's warnings and an error that nobody caught are lines, too", async () => {
    const { code, err } = await dying(
      logging(
        `process.emitWarning("odd ${secret}"); setTimeout(() => { throw new Error("no ${secret}"); }, 50)`,
      ),
    );
    expect(code).toBe(70);
    expect(linesOf(err)).toEqual([
      { wall: expect.any(String), kind: "message", text: "warning: Warning: odd ***" },
      {
        wall: expect.any(String),
        kind: "error",
        text: expect.stringMatching(/^this is a bug of blackout: no \*\*\* .*restore --all/u),
        exit_code: 70,
      },
    ]);
  });
});

describe("an error that nobody caught", () => {
  it.each([
    ["thrown", `setTimeout(() => { throw new Error("no ${secret}\\u001b[2J"); })`],
    [
      "rejected",
      `void Promise.reject(new Error("no ${secret}")); setTimeout(() => undefined, 9e4);`,
    ],
  ])("when it is %s ends with 70, without secrets, and says what to do", async (_, last) => {
    const { code, err } = await dying(last);
    expect(code).toBe(70);
    expect(err).toMatch(/^error: this is a bug of blackout: no \*\*\*\n/u);
    expect(err).toMatch(/at .*:\d+/u);
    expect(err).toContain("blackout restore --all");
    expect(err).not.toContain(secret);
    expect(err).not.toContain("\u001b");
  });

  it("is no warning: Node's own are told without secrets, and end nothing", async () => {
    const { code, err } = await dying(`process.emitWarning("odd ${secret}")`);
    expect(code).toBe(0);
    expect(err).toBe("warning: Warning: odd ***\n");
  });
});
