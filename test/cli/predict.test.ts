import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { predict } from "../../src/cli/commands/predict.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";

/** Offline, with few failovers: what it says, not how many it plays. */
async function said(
  file: string,
  options: {
    readonly set?: readonly string[];
    readonly json?: boolean;
    readonly arm?: readonly string[];
    readonly inventory?: string;
    readonly cluster?: string;
  } = {},
): Promise<{ readonly code: number; readonly text: string }> {
  const { terminal, out, err } = fakeTerminal();
  const code = await predict(file, { offline: true, failovers: 40, ...options }, terminal);
  return { code, text: err() + out() };
}

const thesis = "experiments/thesis-failover.yaml";

describe("blackout predict --offline", () => {
  it("tells each arm's recovery, its phases, its modes and what is assumed", async () => {
    const { code, text } = await said(thesis, { arm: ["proxmox-guest", "kubernetes"] });
    expect(code).toBe(0);
    expect(text).toMatch(/^ {2}recovery {4}1\d\d\.\d \.\. 1\d\d\.\d s, median 1\d\d\.\d s$/mu);
    expect(text).toMatch(/^ {2}detection {3}/mu);
    expect(text).toMatch(/\d+ % {2}caught in the freeze, on time: /u);
    expect(text).toMatch(/\d+ % {2}monitor pass \d+ after the kill: /u);
    expect(text).toContain("the desktop answers 16 s later");
    expect(text).toContain("node-monitor-grace-period 40 s");
  });

  it("shows before and after of a what-if, and leaves other arms as they are", async () => {
    const { text } = await said(thesis, { set: ["tolerationSeconds=30"] });
    expect(text).toContain("toleration 1 s  ->  ");
    const [, before, after] =
      /^ {2}recovery .*median ([\d.]+) s {2}-> .*median ([\d.]+) s$/mu.exec(text) ?? [];
    expect(Number(after) - Number(before)).toBeCloseTo(29, 0);
    expect(text.split("\n").filter((line) => line.startsWith("  recovery"))).toHaveLength(3);
    expect(text.match(/->/gu)?.length).toBeGreaterThanOrEqual(3);
  });

  it("says the same as JSON", async () => {
    const { text } = await said(thesis, {
      arm: ["kubernetes"],
      set: ["tolerationSeconds=30"],
      json: true,
    });
    const parsed: unknown = JSON.parse(text);
    expect(parsed).toMatchObject({
      format: 1,
      failovers: 40,
      offline: true,
      set: ["tolerationSeconds=30"],
      arms: [
        {
          arm: "kubernetes",
          not_predicted: null,
          settings: { node_monitor_grace_ms: 40_000 },
          scenes: [{ prediction: { failovers: 40 }, changed: { failovers: 40 } }],
        },
      ],
    });
  });

  it("says so where the twin does not play a fault", async () => {
    const { code, text } = await said("experiments/kubernetes-node-faults.yaml");
    expect(code).toBe(0);
    expect(text).toContain("nothing: the twin predicts what follows when a machine dies");
  });

  it("shows what a setting makes of a cluster that has nothing to predict as it is", async () => {
    const folder = await mkdtemp(join(tmpdir(), "blackout-predict-"));
    onTestFinished(async () => await rm(folder, { recursive: true }));
    const inventory = join(folder, "inventory.yaml");
    const example = await readFile("inventories/example-kubernetes.yaml", "utf8");
    await writeFile(
      inventory,
      example.replace("node_monitor_grace: 40s", "node_monitor_grace: 12s"),
    );
    const file = "experiments/kubernetes-power-loss.yaml";
    const flapping = { inventory, cluster: "office-k8s" };

    const asItIs = await said(file, flapping);
    expect(asItIs.text).toMatch(/predicted {3}nothing: .* must be longer than 15000 ms/u);
    const other = await said(file, { ...flapping, set: ["tolerationSeconds=5"] });
    expect(other.text).toMatch(/predicted {3}nothing: .* must be longer than 15000 ms/u);

    const set = ["nodeMonitorGracePeriod=40s"];
    const { text } = await said(file, { ...flapping, set });
    expect(text).toMatch(/predicted {3}nothing as it is: .* must be longer than 15000 ms/u);
    expect(text).toMatch(/^ {2}recovery {4}– {2}-> {2}\d\d\.\d \.\. \d\d\.\d s, median/mu);
    expect(text).toMatch(/^ {2}modes are {3}/mu);
    const json: unknown = JSON.parse((await said(file, { ...flapping, set, json: true })).text);
    expect(json).toMatchObject({
      arms: [{ scenes: [{ prediction: null, changed: { failovers: 40 } }] }],
    });
  });

  it.each([
    ["proxmox-guest", ["guestBoot=31m"], 31 * 60],
    ["kubernetes", ["containerStart=31m"], 31 * 60],
    ["kubernetes", ["nodeMonitorPeriod=30m", "nodeMonitorGracePeriod=50m"], 60 * 60],
  ])("of %s with %s has the patience that it takes", async (arm, set, least_s) => {
    const { text } = await said(thesis, { arm: [arm], set });
    const [, after] = /^ {2}recovery .* -> .*median ([\d.]+) s$/mu.exec(text) ?? [];
    expect(Number(after)).toBeGreaterThan(least_s);
  });

  it("refuses a setting that concerns no arm", async () => {
    await expect(said(thesis, { arm: ["kubernetes"], set: ["token=1000"] })).rejects.toThrow(
      "--set token=1000: it concerns proxmox, and no arm is on such a cluster",
    );
  });
});
