import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seconds } from "../../../src/base/time.ts";
import { programsHere } from "../../../src/faults/command/run-in-group.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { clockBut } from "../../support/clock-but.ts";
import { quickClock } from "../../clients/quick-clock.ts";

const never = new AbortController().signal;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "blackout-command-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function script(text: string): string {
  const path = join(folder, "program");
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}
const call = (program: string, words: readonly string[] = []) => ({
  program,
  words,
  environment: { PATH: "/usr/bin:/bin", BLACKOUT_NODE: "pve2" },
  limit: seconds(30),
});

async function written(path: string): Promise<void> {
  while (!existsSync(path) || readFileSync(path, "utf8") === "") await pause(10);
}

/** The process is gone, or is only waited for. */
async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
    if (stat === "" || / Z /u.test(stat)) return true;
    await pause(20);
  }
  return false;
}

describe("a program in a group of its own", () => {
  const programs = programsHere(new SystemClock());

  it("sees its words as they are, the given environment and no other, and no input", async () => {
    const path = script('echo "$1|$2|$BLACKOUT_NODE|$HOME|"; cat; echo why >&2; exit 7');
    const end = await programs.run(call(path, ["a b", "$(id)"]), never);
    expect(end).toEqual({ exitCode: 7, stdout: "a b|$(id)|pve2||\n", stderr: "why\n" });
  });

  it("is told to end when its limit is over, and so is what it has started", async () => {
    const pids = join(folder, "pids");
    const path = script(`trap 'echo asked > ${folder}/asked; exit 0' TERM
sleep 300 & echo $! > ${pids}; wait`);
    const limit = new AbortController();
    const real = new SystemClock();
    const clock = clockBut({
      timeout: (length) => (length === seconds(60) ? limit.signal : real.timeout(length)),
    });
    const running = programsHere(clock).run({ ...call(path), limit: seconds(60) }, never);
    await written(pids);
    limit.abort(new Error("over"));
    await expect(running).rejects.toMatchObject({
      code: "timed-out",
      message: expect.stringMatching(/its limit is 60 s/u),
    });
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe("asked\n");
    expect(await isGone(Number(readFileSync(pids, "utf8")))).toBe(true);
  });

  it("is killed with its children when it does not end though it was told to", async () => {
    const pids = join(folder, "pids");
    const path = script(`trap '' TERM
(trap '' TERM; while :; do sleep 1; done) & echo $$ $! > ${pids}; while :; do sleep 1; done`);
    const controller = new AbortController();
    const running = programsHere(quickClock()).run(call(path), controller.signal);
    await written(pids);
    const reason = new Error("Ctrl-C");
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    const [own, child] = readFileSync(pids, "utf8").trim().split(" ").map(Number);
    expect(await isGone(own ?? 0)).toBe(true);
    expect(await isGone(child ?? 0)).toBe(true);
  });

  it("is not waited for when something that it has left behind keeps its output open", async () => {
    const path = script(`sleep 5 & echo $! > ${folder}/left; echo done`);
    const before = Date.now();
    const end = await programs.run(call(path), never);
    expect(end).toMatchObject({ exitCode: 0, stdout: "done\n" });
    expect(Date.now() - before).toBeLessThan(4000);
    process.kill(Number(readFileSync(join(folder, "left"), "utf8")));
  });

  it("may write without end: the last part is kept", async () => {
    const path = script("yes x | head -c 3000000; echo last; exit 0");
    const { stdout } = await programs.run(call(path), never);
    expect(stdout.length).toBe(64 * 1024);
    expect(stdout.endsWith("last\n")).toBe(true);
  });

  it("says so when it cannot be started", async () => {
    for (const path of [join(folder, "missing"), folder]) {
      await expect(programs.run(call(path), never)).rejects.toMatchObject({
        code: "environment",
        message: expect.stringMatching(/executable/u),
      });
    }
  });
});
