import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** What a test against real programs says when one is missing. */
interface Needed {
  /** For `describe.skipIf`. */
  readonly skip: boolean;
  /** For the title: empty, or why it is skipped and what to install. */
  readonly note: string;
}

/**
 * Asks for programs by their names, each with the Debian package that has it. A missing one skips the tests with a reason
 * or, where BLACKOUT_REQUIRE=all stands in the environment, as in CI, fails their file.
 */
export function requires(packages: Readonly<Record<string, string>>): Needed {
  const missing = Object.keys(packages).filter((program) => !isOnPath(program));
  if (missing.length === 0) return { skip: false, note: "" };
  const wanted = new Set(missing.map((program) => packages[program]));
  const reason = `${missing.join(", ")} missing; apt-get install ${[...wanted].join(" ")}`;
  if (isEverythingRequired) throw new Error(`BLACKOUT_REQUIRE=all, but ${reason}`);
  process.stderr.write(`Skipped: ${reason}\n`);
  return { skip: true, note: ` (skipped: ${reason})` };
}

/** Whether a skip is a failure. */
export const isEverythingRequired = process.env["BLACKOUT_REQUIRE"] === "all";

function isOnPath(program: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
