import { once } from "node:events";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import { runFoldersIn } from "../history/run-folders.ts";
import { scrubber } from "../surroundings.ts";
import type { Terminal } from "../terminal.ts";
import { LoopbackServer } from "../web/loopback-server.ts";
import { reportsSite } from "../web/reports-site.ts";

export interface ServeOptions {
  readonly port: number;
}

/** Shows the runs below a folder until Ctrl-C. */
export async function serve(
  folder: string,
  { port }: ServeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  // A folder that is not there is told of now, not in the browser.
  await runFoldersIn(folder, []);
  const ended = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const server = await LoopbackServer.open(port);
  server.serve({ app: reportsSite(folder) });
  terminal.out(`${server.link}\n`);
  terminal.err(`${terminal.colours.dim("Ctrl-C ends it.")}\n`);
  scrubber.add(server.keys.link);
  await ended;
  await server.close();
  return exitCode.pass;
}
