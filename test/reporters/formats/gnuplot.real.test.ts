import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gnuplot } from "../../../src/reporters/gnuplot.ts";
import { writeFiles } from "../../../src/store/write-files.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { inputFor } from "../../support/report-input.ts";
import { requires } from "../../support/requires.ts";
import { hostileReport } from "../hostile-report.ts";

const needed = requires({ gnuplot: "gnuplot-nox" });

describe.skipIf(needed.skip)(`recovery.gp${needed.note}`, () => {
  it.each([
    ["a run", fakeReport, ">kubernetes<"],
    ["one of nothing but hostile words", hostileReport, ">Recovery in seconds<"],
  ])("draws %s without complaint, whatever its names", async (_, make, text) => {
    const folder = await mkdtemp(join(tmpdir(), "blackout-gnuplot-"));
    try {
      await writeFiles(folder, gnuplot(inputFor(make())));
      const said = execFileSync("sh", ["-c", "gnuplot recovery.gp 2>&1"], {
        cwd: folder,
        encoding: "utf8",
      });
      // Such names are too long for any key.
      const tooLong =
        /^"recovery.gp" line \d+: warning: .*difficulty fitting plot titles into key\n*/u;
      expect(said.replace(make === hostileReport ? tooLong : "", "")).toBe("");
      const drawn = await readFile(join(folder, "recovery.svg"), "utf8");
      expect(drawn).toContain(text);
      expect(drawn).not.toContain("<script>alert");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
