import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { Outlet } from "../../src/cli/outlet.ts";
import { root } from "../support/lab-child.ts";

const failure = (code: string): Error => Object.assign(new Error(`write ${code}`), { code });

/** Takes the first write, and fails from then on; unlike others it goes on telling so, as those of a process do. */
function failing(code: string, throws = false): { stream: Writable; tries: string[] } {
  const tries: string[] = [];
  const stream = new Writable({
    autoDestroy: false,
    write: (chunk: Buffer, _encoding, done) => {
      tries.push(chunk.toString());
      if (tries.length > 1 && throws) throw failure(code);
      done(tries.length > 1 ? failure(code) : null);
    },
  });
  return { stream, tries };
}

describe("an outlet", () => {
  it.each(["EPIPE", "EIO", "ENOSPC", "EBADF"])(
    "ends its output at the first %s, and throws nothing",
    async (code) => {
      for (const throws of [false, true]) {
        const { stream, tries } = failing(code, throws);
        const outlet = new Outlet(stream);
        for (const text of ["one", "two", "three", "four"]) {
          outlet.write(text);
          // oxlint-disable-next-line no-await-in-loop -- one turn after the other
          await turn();
        }
        expect(tries).toEqual(["one", "two"]);
        expect(outlet.lost).toBe(code === "EPIPE" ? null : `write ${code}`);
      }
    },
  );
});

const terminal = pathToFileURL(join(root, "dist/cli/terminal.js")).href;

/** A process of its own whose results go to a full disk. */
async function onFullDisk(
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly err: string }> {
  const full = openSync("/dev/full", "w");
  try {
    const child = spawn(process.execPath, words, { stdio: ["ignore", full, "pipe"] });
    let err = "";
    child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
    await once(child, "close");
    return { code: child.exitCode, err };
  } finally {
    closeSync(full);
  }
}

describe("a process whose output goes to a full disk", () => {
  it("goes on all the same", async () => {
    const script = `
      const { processTerminal } = await import("${terminal}");
      const { out, err } = processTerminal();
      for (let line = 0; line < 20; line++) {
        out("trial\\n");
        await new Promise((resolve) => setImmediate(resolve));
      }
      err("healed\\n");`;
    expect(await onFullDisk("--input-type=module", "-e", script)).toEqual({
      code: 0,
      err: "healed\n",
    });
  });

  it("says what is missing, and ends with an exit code that is no success", async () => {
    const { code, err } = await onFullDisk(join(root, "dist/bin.js"), "schema", "experiment");
    expect(code).toBe(2);
    expect(err).toMatch(/^error: Cannot write all of the output .*ENOSPC/u);
  });
});
