import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import { checkHooks, hooksHere } from "../../src/cli/hook-runner.ts";
import type { HookEnd } from "../../src/contracts/hook-runner.ts";
import { programsHere } from "../../src/faults/command/run-in-group.ts";
import type { HookSpec } from "../../src/model/hooks.ts";
import { noHooks } from "../../src/model/hooks.ts";
import { SecretScrubber } from "../../src/platform/secret-scrubber.ts";
import { fakeExperiment } from "../support/fake-experiment.ts";
import { quickClock } from "../clients/quick-clock.ts";

const environment = {
  PATH: "/usr/bin:/bin",
  HOME: "/home/ada",
  LANG: "C.UTF-8",
  LC_TIME: "de_CH.UTF-8",
  TZ: "Europe/Zurich",
  PVE_TOKEN: "token-that-nobody-gets",
  LD_PRELOAD: "/tmp/evil.so",
  BLACKOUT_DEBUG: "1",
  CHANNEL_URL: "https://chat.example/hooks/s3cr3t-path",
  LINES: "  first-of-two\n\tsecond  of two\n",
  SPACED: "correct  horse\tbattery",
};

const hook = (command: readonly string[], changes: Partial<HookSpec> = {}): HookSpec => ({
  command,
  limit_ms: 30_000,
  required: true,
  pass: [],
  ...changes,
});

const never = new AbortController().signal;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "blackout-hooks-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(
  spec: HookSpec,
  facts: Readonly<Record<string, string>> = {},
  signal = never,
): Promise<HookEnd> {
  const scrubber = new SecretScrubber();
  const programs = programsHere(quickClock());
  return await hooksHere({ programs, environment, scrubber, folder: "/reports/run" }).run(
    spec,
    facts,
    signal,
  );
}

const shell = (text: string, ...words: readonly string[]): readonly string[] => [
  "sh",
  "-c",
  text,
  "sh",
  ...words,
];

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
    if (stat === "" || / Z /u.test(stat)) return true;
    await pause(20);
  }
  return false;
}

async function written(path: string): Promise<readonly number[]> {
  while (!existsSync(path) || !readFileSync(path, "utf8").endsWith("\n")) await pause(10);
  return readFileSync(path, "utf8").trim().split(" ").map(Number);
}

describe("the environment of a hook", () => {
  it("holds the ordinary variables, the facts, and what it is passed by name; nothing else", async () => {
    const out = join(folder, "out");
    await run(hook(["sh", "-c", `env -u PWD -u SHLVL -u _ > ${out}`], { pass: ["CHANNEL_URL"] }), {
      RUN: "run-1",
      HOOK: "before_run",
    });
    const lines = readFileSync(out, "utf8").trim().split("\n").toSorted();
    expect(lines).toEqual([
      "BLACKOUT_HOOK=before_run",
      "BLACKOUT_REPORTS=/reports/run",
      "BLACKOUT_RUN=run-1",
      "CHANNEL_URL=https://chat.example/hooks/s3cr3t-path",
      "HOME=/home/ada",
      "LANG=C.UTF-8",
      "LC_TIME=de_CH.UTF-8",
      "PATH=/usr/bin:/bin",
      "TZ=Europe/Zurich",
    ]);
  });

  it("holds facts from outside as one plain line each, whatever a cluster put into them", async () => {
    const hostile = "why\u0000\u001b[2J\nBLACKOUT_END=completed $(touch x)";
    const end = await run(hook(shell('printf %s "$BLACKOUT_DETAIL"')), { DETAIL: hostile });
    expect(end.said).toBe("why BLACKOUT_END=completed $(touch x)");
    expect(existsSync("x")).toBe(false);
  });

  it("is checked for the variables that are to be passed before a run begins", () => {
    const hooks = { ...noHooks, after_run: hook(["true"], { pass: ["NOT_SET"] }) };
    const experiment = { ...fakeExperiment(1, 1), hooks };
    expect(() => checkHooks(experiment, environment)).toThrow(
      /fake\.yaml: hooks\.after_run\.pass: the variable NOT_SET is not set/u,
    );
  });
});

describe("a hook's end", () => {
  it("is its exit code, and why in its own words", async () => {
    expect(await run(hook(shell("echo silenced")))).toEqual({
      ok: true,
      detail: "",
      said: "silenced",
    });
    expect(await run(hook(shell("echo no; echo 'no right to silence' >&2; exit 7")))).toEqual({
      ok: false,
      detail: "sh failed: its exit code is 7",
      said: "no right to silence",
    });
    expect(await run(hook(shell("kill -9 $$")))).toMatchObject({
      ok: false,
      detail: "sh failed: a signal ended it",
    });
  });

  it("is no end of ours: what cannot be started is a failure with its reason", async () => {
    for (const command of [[join(folder, "missing")], [folder], ["no-such-program"], ["a\0b"]]) {
      expect(await run(hook(command))).toMatchObject({
        ok: false,
        detail: expect.stringMatching(/./u),
      });
    }
  });

  it("is told without the secrets that it was passed, even when it writes them", async () => {
    const spec = hook(shell('echo "posting to $CHANNEL_URL failed"; exit 1'), {
      pass: ["CHANNEL_URL"],
    });
    expect((await run(spec)).said).toBe("posting to *** failed");
  });

  it("is told without them also where they have several lines, or spaces that a plain line has not", async () => {
    const pass = ["LINES", "SPACED"];
    for (const text of [
      'printf "%s" "$LINES"',
      'printf "%s" "$SPACED"',
      "echo $LINES",
      "echo $SPACED",
      'printf "\\033[1m%s\\033[0m" "$LINES"',
      'printf "%s" "$LINES" | sed -n "s/^[[:space:]]*second/got: second/p"',
      'printf "%s" "$SPACED" | sed "s/horse/\\x1b[1mhorse/"',
    ]) {
      const { said } = await run(hook(shell(text), { pass }));
      expect(said).toMatch(/\*\*\*/u);
      expect(said).not.toMatch(/first|second|two|horse|battery/u);
    }
  });

  it("is told without them where it could not even be started", async () => {
    const scrubber = new SecretScrubber();
    const failing = async (): Promise<never> =>
      await Promise.reject(new OperatingError("environment", `cannot: ${environment.LINES}`));
    const runner = hooksHere({ programs: { run: failing }, environment, scrubber, folder });
    const { detail } = await runner.run(hook(["true"], { pass: ["LINES"] }), {}, never);
    expect(detail).toBe("cannot: ***");
  });

  it("is told in short, and plainly, however much it writes", async () => {
    const flood = "yes 'a line of output' | head -c 20000000; printf '\\033[31mlast words\\033[0m'";
    const { ok, said } = await run(hook(shell(flood)));
    expect(ok).toBe(true);
    expect(said.length).toBe(500);
    expect(said).toMatch(/^\.\.\..* last words$/u);
  });
});

describe("a hook that hangs", () => {
  it("is ended at its limit, and so is the child of its child", async () => {
    const pids = join(folder, "pids");
    const text = `trap '' TERM; sh -c 'trap "" TERM; sleep 300 & echo $$ $! > ${pids}; wait' & wait; sleep 300`;
    const running = run(hook(shell(text), { limit_ms: 100 }));
    const [child = 0, grandchild = 0] = await written(pids);
    const { ok, detail } = await running;
    expect(ok).toBe(false);
    expect(detail).toBe("sh failed: it was ended at its limit of 100 ms");
    expect(await isGone(child)).toBe(true);
    expect(await isGone(grandchild)).toBe(true);
  });

  it("is ended when the run is stopped", async () => {
    const pids = join(folder, "pids");
    writeFileSync(pids, "");
    const stop = new AbortController();
    const running = run(hook(shell(`echo $$ > ${pids}; sleep 300`)), {}, stop.signal);
    const [pid = 0] = await written(pids);
    stop.abort(new Error("Ctrl-C"));
    expect(await running).toMatchObject({ ok: false, detail: "Ctrl-C" });
    expect(await isGone(pid)).toBe(true);
  });
});
