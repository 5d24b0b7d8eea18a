import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openIpmitoolSession } from "../../../src/clients/bmc/ipmitool-session.ts";
import type { BmcAccess } from "../../../src/model/inventory.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "blackout-ipmitool-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const access: BmcAccess = {
  kind: "ipmi",
  host: "10.0.0.1",
  port: 623,
  user: "admin",
  password: { kind: "env", name: "X" },
  cipher_suite: 3,
  via: "ipmitool",
  mapping: "asserted",
};
const tools = (signal = new AbortController().signal) => ({
  clock: new SystemClock(),
  secrets: { resolve: async () => "s3cret" },
  signal,
});

/** A program in ipmitool's place. */
function program(script: string): string {
  const path = join(folder, "ipmitool");
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

describe("a session through ipmitool", () => {
  it("passes the password by environment, and nothing secret in its arguments", async () => {
    const seen = join(folder, "seen");
    const fake = program(`echo "$*" >> ${seen}; echo "$IPMI_PASSWORD" >> ${seen}.password
case "$*" in *raw*) echo " 00 11 22 33 44 55 66 77"; echo " 88 99 aa bb cc dd ee ff";; *) echo "Chassis Power is on";; esac`);
    const session = await openIpmitoolSession(access, tools(), fake);
    expect(await session.systemUuids()).toContain("00112233-4455-6677-8899-aabbccddeeff");
    await session.control("off");
    const lines = readFileSync(seen, "utf8");
    expect(lines).not.toContain("s3cret");
    expect(lines).toContain("-I lanplus -C 3 -H 10.0.0.1 -p 623 -U admin -E -L OPERATOR");
    expect(lines).toContain("chassis power off");
    expect(readFileSync(`${seen}.password`, "utf8")).toContain("s3cret");
  });

  it("says what is wrong in words", async () => {
    const say = (text: string) => program(`echo "${text}" >&2; exit 1`);
    const low = say("Set Chassis Power Control to Off failed: Insufficient privilege level");
    await expect(openIpmitoolSession(access, tools(), low)).rejects.toMatchObject({
      code: "denied",
    });
    const silent = say("Error: Unable to establish IPMI v2 / RMCP+ session");
    await expect(openIpmitoolSession(access, tools(), silent)).rejects.toMatchObject({
      code: "unreachable",
    });
    await expect(openIpmitoolSession(access, tools(), program("echo x"))).rejects.toMatchObject({
      code: "protocol",
    });
    await expect(
      openIpmitoolSession(access, tools(), join(folder, "missing")),
    ).rejects.toMatchObject({
      code: "environment",
      message: expect.stringMatching(/Install it.*via: builtin/u),
    });
  });

  it("is killed when its signal is aborted", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 50);
    const opening = openIpmitoolSession(access, tools(controller.signal), program("exec sleep 30"));
    await expect(opening).rejects.toBe(reason);
  });
});
