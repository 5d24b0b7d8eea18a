import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { missingArming } from "../../src/cli/arming.ts";
import { createProgram } from "../../src/cli/program.ts";
import type { Resumed } from "../../src/cli/resume.ts";
import { keepInventory, resumedStudy } from "../../src/cli/resumed-study.ts";
import { processTerminal } from "../../src/cli/terminal.ts";
import { parseExperiment } from "../../src/config/experiment/parse-experiment.ts";
import { parseInventory } from "../../src/config/inventory/parse-inventory.ts";
import type { Inventory } from "../../src/model/inventory.ts";
import type { RunPlan } from "../../src/model/plan.ts";
import { readPlan, writePlan } from "../../src/store/plan-file.ts";
import { labSpec, root } from "../support/lab-child.ts";
import { oneTrial } from "../support/one-trial.ts";

const experiment = parseExperiment(
  oneTrial.kubernetes().replaceAll("lab-k8s", "office-k8s"),
  "x.yaml",
  { resolvePath: (path) => path, readFile: () => "" },
).experiment;
const armed = async (yes: boolean): Promise<string> =>
  (await readFile(join(root, "inventories/example-kubernetes.yaml"), "utf8")).replace(
    "armed: false",
    `armed: ${String(yes)}`,
  );

let folder = "";
let file = "";
let resumed: Resumed;
const told: string[] = [];
const tell = (line: string): void => void told.push(line);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-resumed-"));
  file = join(folder, "inventory.yaml");
  await writeFile(file, await armed(true));
  const inventory = inventoryIn(await armed(true));
  const plan: RunPlan = {
    format: 1,
    run: "run",
    tool: "test",
    experiment,
    inventory,
    lab: null,
    trials: [],
  };
  resumed = {
    folder: { path: folder, plan: join(folder, "plan.json"), journal: "", samples: "" },
    plan,
    contents: { path: "", records: [], torn: null, wholeBytes: 0, bytes: 0 },
    missing: { trials: [], closing: [] },
  };
  await writePlan(resumed.folder.plan, plan);
  told.length = 0;
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function inventoryIn(text: string): Inventory {
  const parsed = parseInventory(text, file, { resolvePath: (path) => path });
  if (parsed.kind === "lab") throw new Error("it is a lab");
  return parsed.inventory;
}
const arming = async (other?: string): Promise<readonly string[]> =>
  missingArming(await resumedStudy(resumed, other, tell), ["office-k8s"], { canAsk: false });
const refused = (message: RegExp) => ({
  code: "configuration",
  message: expect.stringMatching(message),
});

describe("the inventory of a run that is resumed", () => {
  it("is its file as it is now: a cluster that was disarmed since then is not armed", async () => {
    expect(await arming()).toEqual([]);
    await writeFile(file, await armed(false));
    const place = /inventory\.yaml:\d+:\d+: clusters\.office-k8s: it is not armed/u;
    expect(await arming()).toEqual([expect.stringMatching(place)]);
    expect(told.at(-1)).toContain(`going on with the inventory ${file} as it is now`);
  });

  it("is the frozen one where that file is gone, and that is said", async () => {
    await rm(file);
    expect(await arming()).toEqual([]);
    expect(told).toEqual([
      expect.stringMatching(/inventory\.yaml is not there any more.*plan\.json/u),
    ]);
  });

  it("is the one that -i names, with its arming and its addresses, which the plan keeps for whoever restores", async () => {
    const other = join(folder, "other.yaml");
    await writeFile(other, (await armed(false)).replace("192.0.2.131", "192.0.2.231"));
    expect(await arming(other)).toEqual([expect.stringContaining("other.yaml")]);
    const study = await resumedStudy(resumed, other, tell);
    await keepInventory(resumed, study);
    const { inventory, experiment: kept } = await readPlan(resumed.folder.plan);
    expect(inventory).toEqual(study.inventory);
    expect(JSON.stringify(inventory)).toContain("192.0.2.231");
    expect(kept).toEqual(experiment);
  });

  it("that is frozen leaves the plan as it is", async () => {
    await rm(file);
    const before = await readFile(resumed.folder.plan, "utf8");
    await keepInventory(resumed, await resumedStudy(resumed, undefined, tell));
    expect(await readFile(resumed.folder.plan, "utf8")).toBe(before);
  });

  it("must have what the run needs: its clusters, and no lab in their place", async () => {
    await writeFile(file, (await armed(true)).replace("office-k8s:", "office-k9s:"));
    await expect(arming()).rejects.toThrow(
      /plan\.json.*"office-k8s" is not a cluster of .*inventory\.yaml/u,
    );
    await expect(arming(join(root, "inventories/lab.yaml"))).rejects.toMatchObject(
      refused(/lab\.yaml: it asks for a new lab/u),
    );
    await expect(arming(join(folder, "nowhere.yaml"))).rejects.toMatchObject(
      refused(/nowhere\.yaml/u),
    );
  });

  it("is a new lab's for a run on an embedded one, which takes no other", async () => {
    resumed = { ...resumed, plan: { ...resumed.plan, lab: await labSpec() } };
    await expect(arming(file)).rejects.toMatchObject(refused(/--inventory .* embedded lab/u));
  });
});

const run = async (...words: readonly string[]): Promise<unknown> => {
  const program = createProgram(processTerminal(), () => undefined);
  return await program.parseAsync(["run", "--resume", join(folder, "none"), ...words], {
    from: "user",
  });
};

describe("blackout run --resume", () => {
  it("refuses every option that it would pass over, and names them all", async () => {
    const words = "--trials 3 --arm a b --cluster c --seed 4 --speed 5 --override storage -o there";
    await expect(run(...words.split(" "))).rejects.toMatchObject(
      refused(
        /^--resume does not take --output, --trials, --arm, --cluster, --seed, --speed, --override: /u,
      ),
    );
  });

  it("takes the inventory, the leave to kill and silence", async () => {
    await expect(run("-i", file, "--yes-kill", "office-k8s", "-q")).rejects.toThrow(
      /Cannot read the run's journal/u,
    );
  });
});
