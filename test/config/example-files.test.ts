import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkExperiment } from "../../src/config/check-experiment.ts";
import { parseExperiment } from "../../src/config/experiment/parse-experiment.ts";
import { parseInventory } from "../../src/config/inventory/parse-inventory.ts";

const read = (path: string): string => readFileSync(path, "utf8");
const beside = (file: string) => (path: string) => resolve(dirname(file), path);
const filesOf = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => `${folder}/${name}`);

const inventoryOf = (file: string) =>
  parseInventory(read(file), file, { resolvePath: beside(file) });
const experimentOf = (file: string) =>
  parseExperiment(read(file), file, { resolvePath: beside(file), readFile: read });

describe("the files that come with the program", () => {
  it.each(filesOf("inventories"))("%s is a valid inventory", (file) => {
    expect(inventoryOf(file)).toMatchObject({ locate: expect.any(Function) });
  });

  it.each(filesOf("experiments"))("%s is valid and fits the inventory it names", (file) => {
    const parsed = experimentOf(file);
    expect(parsed.inventoryFile).toBe(resolve("inventories/lab.yaml"));
    checkExperiment(parsed, inventoryOf(parsed.inventoryFile ?? ""));
    expect(parsed.experiment.acceptance.rules.length).toBeGreaterThan(0);
  });

  it("arms of the example clusters are not armed until somebody arms them", () => {
    for (const file of [
      "inventories/example-proxmox.yaml",
      "inventories/example-kubernetes.yaml",
    ]) {
      const parsed = inventoryOf(file);
      expect(parsed.kind === "inventory" && parsed.inventory.clusters[0]?.armed).toBe(false);
    }
  });

  it("the thesis's experiment has three arms of ten trials, off the CRM master, beside the thesis's values", () => {
    const { experiment } = experimentOf("experiments/thesis-failover.yaml");
    expect(experiment.name).toBe("thesis-failover");
    expect(experiment.arms.map((arm) => [arm.name, arm.trials, arm.placement.kind])).toEqual([
      ["proxmox-guest", 10, "not-crm-master"],
      ["proxmox-console", 10, "not-crm-master"],
      ["kubernetes", 10, "any"],
    ]);
    expect(experiment.arms.map((arm) => arm.fault)).toEqual(
      Array.from({ length: 3 }, () => ({ kind: "power", action: "off", over: "ipmi" })),
    );
    expect(experiment.arms[2]?.desktop).toMatchObject({ toleration_s: 1 });
    expect(experiment.references.map((each) => each.values_ms)).toEqual([
      [133, 144, 134, 134, 135, 145, 136, 134, 135, 134].map((s) => s * 1000),
      [133, 144, 134, 134, 135, 145, 136, 134, 135, 134].map((s) => s * 1000),
      [43, 47, 41, 44, 45, 49, 51, 45, 54, 44].map((s) => s * 1000),
    ]);
  });

  it("the lab's clusters have the thesis's sizes and the model's defaults otherwise", () => {
    const parsed = inventoryOf("inventories/lab.yaml");
    expect(parsed).toMatchObject({
      kind: "lab",
      lab: {
        speed: 60,
        clusters: [
          { name: "lab-pve", settings: { nodes: 3, assumed: { guest_boot_ms: 16_000 } } },
          { name: "lab-k8s", settings: { control_plane_nodes: 2, workers: 2 } },
        ],
      },
    });
  });
});
