import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import { isOwnerGone, ownerHere } from "../../src/cli/owner.ts";

const here = ownerHere();
/** Another process of this machine. */
const withPid = (pid: number): string => here.replace(`process ${process.pid} `, `process ${pid} `);

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  const pid = present(child.pid, "a process");
  await once(child, "exit");
  return pid;
}

describe("the owner of a run", () => {
  it("reads as person, machine and process first", () => {
    expect(here).toMatch(/^\S+@\S+, process \d+ \(boot [0-9a-f-]{36}, pid namespace \d+\)$/u);
    expect(here).toContain(`@${hostname()}, process ${process.pid} (`);
  });

  it("is not gone while its process is there, and gone when it is not", async () => {
    expect(isOwnerGone(here)).toBe(false);
    expect(isOwnerGone(withPid(await deadPid()))).toBe(true);
  });

  it.each([
    ["another machine of the same name, or an earlier boot", /boot [0-9a-f-]{36}/u, "boot 0"],
    ["another pid namespace", /namespace \d+/u, "namespace 1"],
    ["another machine", /@\S+,/u, "@elsewhere,"],
    ["a version that did not say where", / \(boot .*/u, ""],
  ])("may be alive or gone on %s", async (_, said, other) => {
    for (const owner of [here, withPid(await deadPid())]) {
      expect(said.test(owner)).toBe(true);
      expect(isOwnerGone(owner.replace(said, other))).toBeNull();
    }
  });

  it("is nobody known where the text says something else", () => {
    for (const owner of ["", "ada", "ada@bench, process", `${here} or so`]) {
      expect(isOwnerGone(owner)).toBeNull();
    }
  });
});
