import { spawn } from "node:child_process";
import { reasonOf } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";

/** More than this of either stream is cut: whoever writes so much has gone wrong. */
const LONGEST_OUTPUT = 64 * 1024;
/** Where administration tools live; the caller's own PATH is not ours to read here. */
const SEARCH_PATH =
  "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin";

export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one program without a shell and waits for its end. It sees the search path, the C locale and `secrets` as its
 * whole environment; nothing secret may stand in `words`. An aborted signal kills it and rejects with the reason.
 */
export async function runProgram(
  program: string,
  words: readonly string[],
  secrets: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  signal.throwIfAborted();
  return await new Promise<ProgramEnd>((resolve, reject) => {
    const child = spawn(program, [...words], {
      env: { PATH: SEARCH_PATH, LC_ALL: "C", ...secrets },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    const collect = (stream: "stdout" | "stderr") => (chunk: Buffer) => {
      // What is full stays as it is: to copy it for each further piece would keep the processor busy.
      if (output[stream].length >= LONGEST_OUTPUT) return;
      output[stream] = (output[stream] + chunk.toString()).slice(0, LONGEST_OUTPUT);
    };
    child.stdout.on("data", collect("stdout"));
    child.stderr.on("data", collect("stderr"));
    const onAbort = (): void => {
      child.kill("SIGKILL");
      reject(reasonOf(signal));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    const forget = (): void => signal.removeEventListener("abort", onAbort);
    child.once("error", (error) => {
      forget();
      reject(notStarted(program, error));
    });
    child.once("close", (exitCode) => {
      forget();
      resolve({ exitCode, ...output });
    });
  });
}

const notStarted = (program: string, cause: Error): OperatingError =>
  new OperatingError(
    "environment",
    `Cannot run ${program} as the system does not start it. Install it (Debian: apt install ${program}), or use "via: builtin"`,
    { cause },
  );
