import { jsonText } from "../../base/json-text.ts";
import { writeFile } from "../../store/write-files.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import { baselineOf } from "../read-side.ts";
import { scrubber } from "../surroundings.ts";
import type { Terminal } from "../terminal.ts";

/** Keeps what of a run later ones are held against: on standard output, or in a file. */
export async function baseline(
  run: string,
  options: { readonly output?: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const text = jsonText(await baselineOf(run));
  if (options.output === undefined) {
    terminal.out(text);
  } else {
    await writeFile(options.output, scrubber.scrub(text));
  }
  return exitCode.pass;
}
