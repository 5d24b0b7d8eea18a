import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { predict } from "../../src/cli/commands/predict.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

const plain = createColors(false);

/** Offline, with few failovers: what it says, not how many it plays. */
async function said(
  file: string,
  options: {
    readonly set?: readonly string[];
    readonly json?: boolean;
    readonly arm?: readonly string[];
  } = {},
): Promise<{ readonly code: number; readonly text: string }> {
  let text = "";
  const terminal: Terminal = {
    out: (part) => void (text += part),
    err: (part) => void (text += part),
    erase: () => undefined,
    live: false,
    width: () => 100,
    colours: plain,
    outColours: plain,
  };
  const code = await predict(file, { offline: true, failovers: 40, ...options }, terminal);
  return { code, text };
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

  it("refuses a setting that concerns no arm", async () => {
    await expect(said(thesis, { arm: ["kubernetes"], set: ["token=1000"] })).rejects.toThrow(
      "--set token=1000: it concerns proxmox, and no arm is on such a cluster",
    );
  });
});
