import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { createInterface } from "node:readline";
import { chmodSync } from "node:fs";
import { once } from "node:events";
import type { Worker } from "./worker.ts";

/** What a question about the cluster itself, which is no worker's, is answered with; null when it is not known. */
export type Extra = (words: readonly string[]) => Promise<string> | null;

/**
 * Serves the workers' power on a UNIX socket. A line is a question, in the words of ipmi_sim's chassis_control: `worker-1
 * get power`, `worker-1 set power 0`, `worker-1 set reset 1`. The answer ends with a line that is a dot, or that begins
 * with "error".
 */
export async function servePower(
  path: string,
  workers: readonly Worker[],
  extra: Extra,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    void converse(socket, async (words) => await answer(words, workers, extra));
  });
  server.listen(path);
  await once(server, "listening");
  chmodSync(path, 0o600);
  return server;
}

/** One answer after the other; the asker may close its side before it has heard the last. */
async function converse(
  socket: Socket,
  reply: (words: readonly string[]) => Promise<string>,
): Promise<void> {
  try {
    for await (const line of createInterface({ input: socket, crlfDelay: Infinity })) {
      socket.write(
        await reply(line.trim().split(/\s+/u)).then(
          (text) => `${text}.\n`,
          (error: unknown) => `error ${String(error).replaceAll("\n", " ")}\n`,
        ),
      );
    }
    socket.end();
  } catch {
    // It has gone in the middle of a line.
    socket.destroy();
  }
}

async function answer(
  words: readonly string[],
  workers: readonly Worker[],
  extra: Extra,
): Promise<string> {
  const told = extra(words);
  if (told !== null) return await told;
  const [name, verb, ...rest] = words;
  const worker = workers.find(({ layout }) => layout.name === name);
  if (worker === undefined) throw new Error(`unknown: ${words.join(" ")}`);
  if (verb === "get") return rest.map((what) => `${what}:${get(worker, what)}\n`).join("");
  if (verb !== "set") throw new Error(`neither get nor set: ${words.join(" ")}`);
  for (let at = 0; at < rest.length; at += 2) await set(worker, rest[at] ?? "", rest[at + 1] ?? "");
  return "";
}

function get(worker: Worker, what: string): string {
  switch (what) {
    case "power":
      return worker.state === "off" ? "0" : "1";
    // Not of an IPMI chassis: tells a test what the power alone does not.
    case "state":
      return worker.state;
    default:
      return "0";
  }
}

async function set(worker: Worker, what: string, value: string): Promise<void> {
  if (what === "power") await (value === "1" ? worker.on() : worker.off());
  else if (what === "reset") await worker.reset();
  else if (what === "shutdown") await worker.off();
  else if (what === "panic") await worker.panic();
}
