import { connect } from "node:net";

/** Longer than three workers may take to be Ready. */
const LONGEST_MS = 150_000;

/** Asks a power controller one line; its answer without the dot that ends it. Rejects when it says that it failed. */
export async function askPower(path: string, line: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect(path);
    let said = "";
    socket.setTimeout(LONGEST_MS, () => socket.destroy(new Error(`no answer to "${line}"`)));
    socket.on("error", reject);
    socket.on("close", () => {
      if (/^\.\n/mu.test(said)) resolve(said.replace(/\.\n$/u, "").trim());
      else reject(new Error(`no full answer to "${line}": ${said}`));
    });
    socket.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const failure = /^error (.*)\n/mu.exec(said)?.[1];
      if (failure !== undefined) socket.destroy(new Error(failure));
      else if (/^\.\n/mu.test(said)) socket.end();
    });
    socket.write(`${line}\n`);
  });
}
