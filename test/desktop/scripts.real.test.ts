import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { requires } from "../support/requires.ts";

const DESKTOP = join(import.meta.dirname, "../../desktop");
const needed = requires({ shellcheck: "shellcheck", "systemd-analyze": "systemd" });

describe.skipIf(needed.skip)(`scripts and unit of the desktop${needed.note}`, () => {
  it("please shellcheck", () => {
    const scripts = ["start-desktop.sh", "proxmox/make-template.sh", "proxmox/seal-template.sh"];
    expect(execFileSync("shellcheck", scripts, { cwd: DESKTOP, encoding: "utf8" })).toBe("");
  });

  it("please systemd", async () => {
    const folder = await mkdtemp(join(tmpdir(), "blackout-unit-"));
    const unit = await readFile(join(DESKTOP, "proxmox/probe-desktop.service"), "utf8");
    // The program is installed in the template only.
    const program = join(DESKTOP, "start-desktop.sh");
    const verify = async (text: string): Promise<string> => {
      const file = join(folder, "probe-desktop.service");
      await writeFile(file, text.replace("/usr/local/bin/start-desktop", program));
      return execFileSync("bash", ["-c", `systemd-analyze verify ${file} 2>&1`], {
        encoding: "utf8",
      });
    };
    expect(await verify(unit)).toBe("");
    expect(await verify(unit.replace("Restart=", "Restarts="))).toContain("Restarts");
    await rm(folder, { recursive: true });
  });
});
