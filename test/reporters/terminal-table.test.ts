import { createColors } from "picocolors";
import { expect, test } from "vitest";
import { renderTable } from "../../src/reporters/terminal-table.ts";
import { fakeReport } from "../support/fake-report.ts";
import { emptyReport } from "./empty-report.ts";
import { hostileReport } from "./hostile-report.ts";

const plain = (report = fakeReport(), width = 120): string =>
  renderTable(report, { colours: createColors(false), width });

/** Padding inside a painted cell ends a line. */
const squeeze = (text: string): string => text.replace(/ +$/gmu, "");

const lineWith = (text: string, start: string): string =>
  text.split("\n").find((line) => line.startsWith(start)) ?? "";

test("renderTable starts with title, verdict and the answer", () => {
  const [title, verdict, answer] = plain().split("\n");
  expect(title).toBe("Failover of a desktop, Proxmox VE HA against Kubernetes");
  expect(verdict).toMatch(/^INCONCLUSIVE {2}9 of 10/u);
  expect(answer).toMatch(
    /^A desktop is gone for [\d.]+ s on proxmox-guest, .* on kubernetes \(medians\)\.$/u,
  );
});

test("renderTable gives each arm its numbers beside the reference's median", () => {
  const row = lineWith(plain(), "proxmox-console");
  expect(row).toMatch(
    /^proxmox-console {2,}10\/10 {2,}13\d\.\d {2,}13\d\.\d ± \d\.\d\d {2,}[\d.]+ \.\. [\d.]+ {2,}[\d.]+\* {2,}[\d.]+ \.\. [\d.]+ {2,}134\.5$/u,
  );
});

test("renderTable says that a p95 of ten is the largest of ten, where it shows one", () => {
  expect(plain()).toContain("* too few trials for a percentile: largest of 9, largest of 10");
  expect(plain(fakeReport(), 80)).not.toContain("*");
});

test("renderTable tells what became of the trials that are in no number", () => {
  expect(plain()).toContain("proxmox-guest: also 1 void");
  expect(plain()).toContain("kubernetes: also 1 censored");
});

test("renderTable shows every rule with what was seen", () => {
  expect(plain()).toContain("✗ kubernetes: lost == 0 — 1 trial was lost");
  expect(plain()).toContain("✓ proxmox-console: recovery.max <= 5m — max of recovery is 142.1 s");
});

test("renderTable warns of a scaled lab and of trust that is off", () => {
  expect(plain()).toMatch(
    /! Rehearsed on the embedded lab at 60x.*\n.*accuracy is claimed at speed 1 only/u,
  );
  expect(plain()).toContain("! Trust switched off: TLS of bmc-pve2 is not verified");
  const real = fakeReport({
    clock: { speed: 1, deadline_floor_ms: 0, period_floor_ms: 0 },
    downgrades: [],
  });
  expect(plain(real)).not.toMatch(/Rehearsed|Trust/u);
});

test.each([40, 50, 80, 100, 200])("renderTable stays within %d columns", (width) => {
  for (const line of plain(fakeReport(), width).split("\n")) {
    expect(Array.from(line).length).toBeLessThanOrEqual(width);
  }
});

test("renderTable shouts when the cluster is not restored", () => {
  const report = fakeReport({ end: "not-restored", end_detail: "pve2 is still off" });
  expect(plain(report)).toMatch(
    /! THE CLUSTER IS NOT RESTORED: run `blackout restore`.*pve2 is still off/u,
  );
});

test("renderTable lets no foreign text reach the terminal's controls", () => {
  // oxlint-disable-next-line no-control-regex -- these are what it looks for
  expect(plain(hostileReport())).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
});

test("renderTable has colour where there is a terminal, and the same words", () => {
  const coloured = renderTable(fakeReport(), { colours: createColors(true), width: 120 });
  expect(coloured).toContain("\u001b[33mINCONCLUSIVE\u001b[39m");
  // oxlint-disable-next-line no-control-regex -- these are what it takes out
  const bare = coloured.replace(/\u001b\[\d+m/gu, "");
  expect(squeeze(bare)).toBe(squeeze(plain()));
});

test("renderTable of a run without a trial invents no number", () => {
  const text = plain(emptyReport());
  expect(text).toContain("No trial says how long a desktop is gone.");
  expect(lineWith(text, "kubernetes")).toMatch(/^kubernetes {2,}0\/10 {2,}– {2,}– {2,}–/u);
  expect(text).toContain("The journal has no end");
});
