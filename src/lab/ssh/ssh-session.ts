import type { ServerChannel, Session } from "ssh2";
import { LineEditor } from "./line-editor.ts";
import type { Node } from "./node.ts";
import type { Input } from "./run-script.ts";
import { runLine } from "./run-script.ts";

const MAXIMUM_COMMAND = 4096;

/** One session of a logged-in visitor: a command (`exec`) or a shell to type into. */
export function serveSession(session: Session, node: Node): void {
  let terminal = false;
  session.on("pty", (accept) => {
    terminal = true;
    accept();
  });
  session.on("window-change", (accept) => {
    // ssh2 leaves `accept` out when no answer is wanted, whatever its types say.
    (accept as (() => void) | undefined)?.();
  });
  session.on("exec", (accept, reject, info) => {
    if (info.command.length > MAXIMUM_COMMAND) reject();
    else execute(accept(), info.command, node);
  });
  session.on("shell", (accept) => {
    serveShell(accept(), node, terminal);
  });
}

function execute(channel: ServerChannel, command: string, node: Node): void {
  const gone = goneWith(channel);
  const output = {
    print: (text: string): void => void channel.write(text),
    complain: (text: string): void => void channel.stderr.write(text),
  };
  const run = async (): Promise<void> => {
    const { status } = await runLine(command, {
      node,
      output,
      input: typedInto(channel),
      signal: gone,
    });
    channel.exit(status);
    channel.end();
  };
  run().catch(() => channel.destroy());
}

const typedInto =
  (channel: ServerChannel): Input =>
  async (take, signal) => {
    channel.on("data", (data: Buffer) => take(data.toString("utf8")));
    await new Promise<void>((resolve) => {
      channel.once("end", resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  };

function serveShell(channel: ServerChannel, node: Node, terminal: boolean): void {
  const gone = goneWith(channel);
  const prompt = terminal ? `root@${node.view().hostname}:~# ` : "";
  const editor = new LineEditor(prompt);
  const print = (text: string): void => {
    channel.write(terminal ? text.replaceAll("\n", "\r\n") : text);
  };
  const complain = (text: string): void => {
    if (terminal) print(text);
    else channel.stderr.write(text);
  };
  let status = 0;
  let last: Promise<void> = Promise.resolve();
  const leave = (): void => {
    channel.exit(status);
    channel.end();
  };
  const run = async (line: string | null): Promise<void> => {
    if (gone.aborted) return;
    if (line === null) {
      leave();
      return;
    }
    const output = { print, complain };
    const done = await runLine(line, { node, output, input: null, signal: gone });
    status = done.status;
    if (done.leaves) leave();
    else channel.write(prompt);
  };
  if (terminal)
    print(`A node that the blackout lab plays; it runs no program. Try: help\n${prompt}`);
  channel.on("data", (data: Buffer) => {
    const { lines, echo } = editor.type(data.toString("utf8"));
    if (terminal) channel.write(echo);
    for (const line of lines) last = last.then(async () => await run(line)).catch(() => undefined);
  });
  channel.on("end", () => {
    last = last.then(async () => await run(null)).catch(() => undefined);
  });
}

function goneWith(channel: ServerChannel): AbortSignal {
  const gone = new AbortController();
  channel.on("error", () => undefined);
  channel.stderr.on("error", () => undefined);
  channel.once("close", () => gone.abort(new Error("the session is closed")));
  return gone.signal;
}
