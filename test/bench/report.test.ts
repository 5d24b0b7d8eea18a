import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { peerErrors } from "../../bench/peers/errors.ts";
import type { Poll } from "../../bench/peers/methods.ts";
import { checksOf, renderMarkdown, renderText } from "../../bench/report/render.ts";
import {
  nothing,
  readEarlier,
  readResults,
  writeResults,
} from "../../bench/report/results-file.ts";
import type { Results } from "../../bench/report/results.ts";
import { results } from "../../bench/report/results.ts";

const plain = (text: string): string => text;
const colours = { bold: plain, dim: plain, red: plain, green: plain };
const spread = (p99: number): { p50: number; p99: number; max: number } => ({
  p50: 1,
  p99,
  max: 2 * p99,
});
const inside = { where: "inside", seen_ms: [1000, 1260], truth_ms: [1100, 1100], limit_ms: 300 };

const under = (began: string) => ({
  machine: { cpu: "A processor", cores: 2, memory_gb: 8, node: "20.20.2", kernel: "Linux 6" },
  began,
  seed: 1,
  quick: true,
  duration_s: 60,
});
const outage = {
  id: "250-0",
  kind: "refused",
  period_ms: 250,
  attempts: 40,
  unobserved: 1,
  hanging: 1,
  intervals: { fault: inside, lost: inside, back: inside, outage: inside, recovery: inside },
} as const;
const cost = {
  pinned: true,
  watches: [
    {
      desktops: 1000,
      seconds: 30,
      samples: 30_000,
      bad: 0,
      unobserved: 0,
      lateness_ms: spread(12),
      latency_ms: spread(80),
      rss_mb: 180,
      rss_before_mb: 80,
      cpu_share: 0.5,
    },
  ],
  depths: [{ depth: "frame", attempts: 1000, failed: 0, cpu_ms: 500 }],
};

const measured: Results = results.parse({
  version: 2,
  accuracy: { under: under("noon"), figures: [outage] },
  peers: null,
  cost: { under: under("noon"), figures: cost },
  twin: {
    under: under("one"),
    figures: [{ twin: "Proxmox VE", failovers: 1000, cpu_ms: 500 }],
  },
});

const poll = (second: number, good: boolean): Poll => ({
  began_ns: second * 1e9,
  ended_ns: second * 1e9,
  good,
});

describe("the bench's report", () => {
  it("counts what is inside, and turns processor time into attempts per second", () => {
    const text = renderText(measured, colours);
    expect(text).toMatch(/^refused +1 +1\/1 +260 \/ 260 \/ 260 .* 1 of 40$/m);
    expect(text).toContain("1 losses came while attempts were under way that a hiccup before");
    expect(text).toMatch(/^1,000 +30,000 +0 +0 +1\.0 \/ 12\.0 \/ 24\.0 .* 50 % +180 +100$/m);
    expect(text).toMatch(/^frame +1,000 +0 +0\.50 +2,000$/m);
    expect(text).toContain("✓ 1000 desktops: 99th percentile of lateness 12.0 ms (below 50 ms)");
    expect(checksOf(measured).every(({ ok }) => ok)).toBe(true);
  });

  it("fails where a promise is not kept", () => {
    const slow = structuredClone(measured);
    slow.cost?.figures.watches.forEach((watch) =>
      Object.assign(watch, { lateness_ms: spread(51) }),
    );
    slow.twin?.figures.forEach((twin) => Object.assign(twin, { cpu_ms: 1280 }));
    const failed = checksOf(slow).filter(({ ok }) => !ok);
    expect(failed.map(({ text }) => text)).toEqual([
      "1000 desktops: 99th percentile of lateness 51.0 ms (below 50 ms)",
      "Proxmox VE: 10,000 predicted failovers take 12.8 s on one core (below 10 s)",
    ]);
  });

  it("counts what ends within an act apart, and fails where that is more than one in a hundred", () => {
    const touching = { ...outage.intervals, back: { ...inside, where: "touching" } } as const;
    const with1Of = (outages: number): Results =>
      results.parse({
        ...measured,
        accuracy: {
          under: under("noon"),
          figures: Array.from({ length: outages }, (_, index) =>
            index === 0 ? { ...outage, intervals: touching } : outage,
          ),
        },
      });
    const few = renderText(with1Of(20), colours);
    expect(few).toContain("✓ back: the truth is inside 19 of 20, 1 cannot be told");
    expect(few).toContain("✓ intervals that end within the player's act: 1.0 % (at most 1 %)");
    expect(renderText(with1Of(19), colours)).toContain("✗ intervals that end within");
  });

  it("holds peers against the prober only where both watched the same play", () => {
    for (const began of ["noon", "two"]) {
      const text = renderText(
        { ...measured, peers: { under: under(began), figures: [] } },
        colours,
      );
      expect(text.includes("blackout, open loop, 250 ms")).toBe(began === "noon");
    }
  });

  it("shows the same tables as Markdown, and says on what machine", () => {
    const text = renderMarkdown(measured);
    expect(text).toContain(
      "accuracy, cost: A processor, 2 cores, 8 GB; Node 20.20.2, Linux 6; noon,",
    );
    expect(text).toContain("twin: A processor, 2 cores, 8 GB; Node 20.20.2, Linux 6; one,");
    expect(text).toContain("| Proxmox VE | 1,000 | 2,000 | 5.0 |");
  });
});

describe("the file of results", () => {
  it("keeps the parts that were not measured anew", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bench-"));
    try {
      const path = join(folder, "results", "latest.json");
      await writeResults(path, await readEarlier(path), measured);
      const twin = { under: under("two"), figures: [] };
      await writeResults(path, await readEarlier(path), { ...nothing, twin });
      expect(await readResults(path)).toEqual({ ...measured, twin });
      await writeFile(path, JSON.stringify({ version: 1 }));
      await expect(readEarlier(path)).rejects.toThrow(/another file by --out/u);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("peerErrors", () => {
  it("holds what a method reports against how long the outage really was", () => {
    const truth = {
      id: "a",
      kind: "reset",
      period_ms: 250,
      hiccup: null,
      downs: [[1e9, 1e9]],
      ups: [[4e9, 4e9]],
    } as const;
    const polls = [poll(0, true), poll(2, false), poll(4, true)];
    const seen = [{ id: "a", method: { pause_ms: 2000, timeout_ms: 1000 }, polls }];
    const errors = peerErrors([{ ...truth, downs: [...truth.downs], ups: [...truth.ups] }], seen);
    expect(errors.map(({ truth_ms, reported_ms }) => [truth_ms, reported_ms])).toEqual([
      [3000, 2000],
      [3000, 4000],
    ]);
  });
});
