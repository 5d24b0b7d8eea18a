import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { kill } from "node:process";
import type { Readable } from "node:stream";
import { orAborted } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
import { formatDuration, milliseconds, seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Patience } from "../../clients/shared/patience.ts";
import { deadlineOf } from "../../clients/shared/patience.ts";
import { underDeadline } from "../../clients/shared/under-deadline.ts";
import type { ProgramCall, ProgramEnd, Programs } from "./programs.ts";

/** Of each stream its last part is kept: there stands why a program failed. */
const LONGEST_OUTPUT = 64 * 1024;
/** Between SIGTERM and SIGKILL. */
const GRACE: Patience = { least: seconds(5), floors: 10 };
/** What a program has started and left behind may hold its output open. */
const LAST_WORDS: Patience = { least: milliseconds(500), floors: 2 };

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * A process group of its own, so that what the program has started ends with it when time runs out. What it leaves behind
 * after an end of its own is its own business.
 */
export const programsHere = (clock: Clock): Programs => ({
  run: async (call, signal) => {
    signal.throwIfAborted();
    const child = spawn(call.program, [...call.words], {
      detached: true,
      env: { ...call.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return await follow(child, call, clock, signal);
  },
});

async function follow(
  child: Child,
  call: ProgramCall,
  clock: Clock,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  const output = { stdout: "", stderr: "" };
  keepEnd(child.stdout, (change) => (output.stdout = change(output.stdout)));
  keepEnd(child.stderr, (change) => (output.stderr = change(output.stderr)));
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("exit", (code) => resolve(code));
    child.once("error", (cause) => reject(notStarted(call.program, cause)));
  });
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  const limit = deadlineOf({ least: call.limit, floors: 10 }, clock);
  try {
    const exitCode = await underDeadline(
      signal,
      limit,
      async (ended) => await orAborted(exited, ended),
    );
    await within(closed, deadlineOf(LAST_WORDS, clock));
    return { exitCode, ...output };
  } catch (error) {
    if (child.pid !== undefined && (signal.aborted || limit.aborted)) {
      await endGroup(child.pid, closed, clock);
    }
    signal.throwIfAborted();
    throw limit.aborted ? tookTooLong(call) : error;
  } finally {
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Asks the whole group to end, and ends it. */
async function endGroup(group: number, closed: Promise<void>, clock: Clock): Promise<void> {
  signalGroup(group, "SIGTERM");
  await within(closed, deadlineOf(GRACE, clock));
  signalGroup(group, "SIGKILL");
  await within(closed, deadlineOf(LAST_WORDS, clock));
}

function signalGroup(group: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    kill(-group, name);
  } catch {
    // None of it is left.
  }
}

/** Waits for it until `limit` ends. */
const within = async (event: Promise<void>, limit: AbortSignal): Promise<void> => {
  await orAborted(event, limit).catch(() => undefined);
};

function keepEnd(stream: Readable, learn: (change: (before: string) => string) => void): void {
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    learn((before) => (before + text).slice(-LONGEST_OUTPUT));
  });
  // A pipe that breaks has nothing to add.
  stream.on("error", () => undefined);
}

const notStarted = (program: string, cause: Error): OperatingError =>
  new OperatingError(
    "environment",
    `Cannot run ${program} as the system does not start it. Is it there, and executable?`,
    { cause },
  );

const tookTooLong = ({ program, words, limit }: ProgramCall): OperatingError =>
  new OperatingError(
    "timed-out",
    `Cannot wait for ${program} any longer as its limit is ${formatDuration(limit)}: it was ended during "${words.slice(-2).join(" ")}"`,
  );
