import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labSpec, only, startTestLab } from "../support/lab-child.ts";
import type { Lab } from "../support/lab-study.ts";
import { oneTrial } from "../support/one-trial.ts";
import type { Finished } from "../support/run-cli.ts";
import { runCli } from "../support/run-cli.ts";
import { truthOf } from "../support/lab-study.ts";

/** A lab whose inventory does not say that it is one, as far as the tool knows a cluster to be careful with. */
describe("blackout run on a real cluster", { timeout: 40_000 }, () => {
  let lab: Lab;
  let folder: string;
  let inventory: string;
  beforeAll(async () => {
    // Such a cluster is asked on the machine's own clock, so the lab keeps to it too.
    lab = await startTestLab(await labSpec((spec) => ({ ...only("kubernetes")(spec), speed: 1 })));
    folder = await mkdtemp(join(tmpdir(), "blackout-arming-"));
    const text = await readFile(lab.inventoryPath, "utf8");
    inventory = text.replace(/lab:\n(?: {6}.*\n)+/u, "lab: null\n");
  });
  afterAll(async () => {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function blackout(armed: boolean, ...words: readonly string[]): Promise<Finished> {
    const files = { inventory: join(folder, "inventory.yaml"), experiment: join(folder, "x.yaml") };
    await writeFile(files.inventory, inventory.replace(/armed: \w+/u, `armed: ${String(armed)}`));
    await writeFile(files.experiment, oneTrial.kubernetes());
    const [command = "", ...rest] = words;
    return await runCli([command, files.experiment, "-i", files.inventory, ...rest], {});
  }
  const output = (): readonly string[] => ["-o", join(folder, "reports")];

  it("that is not armed prints the plan, says what is missing, exits 4, and has touched nothing", async () => {
    const plan = await blackout(false, "plan");
    expect(plan.code).toBe(0);
    const run = await blackout(false, "run", ...output());
    expect(run.code).toBe(4);
    expect(run.out).toBe(plan.out);
    expect(run.out).toContain("undo: the BMC switches the node on");
    expect(run.out).toMatch(/predicted +by the twin.*\d+ \.\. \d+ s/u);
    expect(run.err).toMatch(
      /^error: nothing has been done, as .*inventory\.yaml:\d+:\d+: clusters\.lab-k8s: it is not armed: set `armed: true` in it; there is no terminal .*pass --yes-kill lab-k8s/u,
    );
    await expect(readdir(join(folder, "reports"))).rejects.toThrow("ENOENT");
    const touched = (await truthOf(lab)).filter(({ kind }) => kind === "pod-created");
    expect(touched).toEqual([]);
  });

  it("that is armed, without its name and a terminal to type it on, does the same", async () => {
    const { code, out, err } = await blackout(true, "run", ...output());
    expect(code).toBe(4);
    expect(out).toContain("Nothing has been touched");
    expect(err).toContain("pass --yes-kill lab-k8s");
    expect(err).not.toContain("armed: true");
    await expect(readdir(join(folder, "reports"))).rejects.toThrow("ENOENT");
  });

  it("refuses to be told the name of a cluster that is not there", async () => {
    const { code, err } = await blackout(true, "run", "--yes-kill", "lab-k9s", ...output());
    expect(code).toBe(2);
    expect(err).toContain("lab-k9s");
  });
});
