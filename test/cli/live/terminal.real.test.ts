import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logLine } from "../../../src/cli/live/log-schema.ts";
import { root } from "../../support/lab-child.ts";
import { requires } from "../../support/requires.ts";
import { runCli } from "../../support/run-cli.ts";
import { TinyTerminal } from "../../support/tiny-terminal.ts";

const needed = requires({ script: "bsdutils" });
const study = ["run", "experiments/thesis-failover.yaml", "--arm", "kubernetes", "--trials", "1"];

/** Node itself warns twice a second, in the tool and in its lab. */
const WARNING =
  "--import=data:text/javascript,setInterval(()=>process.emitWarning('aside'),500).unref()";

/** What a run is watched by: a terminal that util-linux's `script` makes, and a pipe. */
describe.skipIf(needed.skip)(`a run that somebody watches${needed.note}`, () => {
  let output: string;
  beforeAll(async () => {
    output = await mkdtemp(join(tmpdir(), "blackout-watched-"));
  });
  afterAll(async () => {
    await rm(output, { recursive: true, force: true });
  });

  /** The program on a terminal of that size; `onText` sees what it has written so far, and may type. */
  async function onTerminal(
    columns: number,
    environment: Readonly<Record<string, string>>,
    onText: (text: string, type: (keys: string) => void) => void = () => undefined,
  ): Promise<{ readonly code: number | null; readonly text: string }> {
    const command = [process.execPath, "dist/bin.js", ...study, "-o", output].join(" ");
    const child = spawn(
      "script",
      ["-qefc", `stty cols ${columns} rows 24; ${command}`, "/dev/null"],
      {
        cwd: root,
        env: { ...withoutCi(), TERM: "xterm", ...environment },
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      onText(text, (keys) => child.stdin.write(keys));
    });
    await once(child, "close");
    return { code: child.exitCode, text };
  }

  it.each([80, 40])(
    "is one screen of %i columns, drawn in place, and nothing of it stays but what others said",
    async (columns) => {
      const { code, text } = await onTerminal(columns, { NODE_OPTIONS: WARNING });
      expect(code).toBe(0);
      const terminal = new TinyTerminal(columns);
      terminal.write(text);
      const screens = terminal.screens.map((lines) => lines.join("\n").trimEnd());
      expect(screens.length).toBeGreaterThan(5);
      for (const screen of screens) {
        expect(screen).toMatch(/^thesis-failover/u);
        expect(screen.split("\n").length).toBeLessThan(24);
      }
      expect(
        screens.some((screen) => /^▸ detection +\d+\.\d s +\d+ \.\. \d+ s/mu.test(screen)),
      ).toBe(true);
      expect(screens.some((screen) => screen.includes("frame ✓"))).toBe(true);
      const left = terminal.lines.join("\n");
      expect(left.match(/^warning: Warning: aside$/gmu)?.length).toBeGreaterThan(2);
      expect(left).toMatch(/^kubernetes #1 {2}recovered in/mu);
      expect(left).not.toMatch(/so far|frame ✓/u);
      expect(left).toMatch(/PASS/u);
    },
  );

  it("heals on Ctrl-C, says so on the screen, and uses no colour where none is wanted", async () => {
    let isTyped = false;
    const { code, text } = await onTerminal(80, { NO_COLOR: "1" }, (so, type) => {
      if (isTyped || !so.includes("▸ detection")) return;
      isTyped = true;
      type("\u0003");
    });
    expect(code).toBe(130);
    expect(text).toContain("interrupted by SIGINT; healing first (a second Ctrl-C leaves at once)");
    expect(text).not.toContain("\u001b[3");
    expect(text).not.toContain("\u001b[2m");
  });

  it("is told in lines on a terminal that can do no better, without any escape", async () => {
    const { code, text } = await onTerminal(80, { TERM: "dumb" });
    expect(code).toBe(0);
    expect(text).toMatch(/^\[1\/1\] kubernetes #1: recovered in/mu);
    expect(text).not.toContain("\u001b");
  });

  it("is a log of JSON lines and nothing else where that is asked for", async () => {
    const { code, err } = await runCli([...study, "--log", "json", "-o", output]);
    expect(code).toBe(0);
    const lines = err
      .split("\n")
      .slice(0, -1)
      .map((line) => logLine.parse(JSON.parse(line)));
    expect(lines[0]?.kind).toBe("run-started");
    expect(lines.findLast(({ kind }) => kind !== "message")).toMatchObject({
      kind: "run-judged",
      verdict: "pass",
      exit_code: 0,
    });
  });

  it("is a log of JSON lines also where nothing can be run", async () => {
    const { code, err } = await runCli(["run", "experiments/none.yaml", "--log", "json"]);
    expect(code).toBe(2);
    expect(logLine.parse(JSON.parse(err))).toMatchObject({ kind: "error", exit_code: 2 });
    const both = await runCli([...study, "--log", "json", "--quiet"]);
    expect(both.code).toBe(2);
    expect(both.err).toMatch(/cannot be used with/u);
  });
});

/** Under CI nobody watches, and there is no screen. */
function withoutCi(): NodeJS.ProcessEnv {
  const { CI: _, ...environment } = process.env;
  return environment;
}
