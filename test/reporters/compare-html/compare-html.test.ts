import { describe, expect, it } from "vitest";
import type { Baseline, BaselineArm, ComparedArm } from "../../../src/model/baseline.ts";
import type { Contrast } from "../../../src/model/contrast.ts";
import type { ComparedRuns } from "../../../src/reporters/compare-html/compare-html.ts";
import { compareHtml } from "../../../src/reporters/compare-html/compare-html.ts";
import { comparisonSentences } from "../../../src/reporters/compare-html/comparison-sentence.ts";
import { hostile } from "../../support/fake-report.ts";
import { all, parseStrictly, textOf } from "../strict-markup.ts";

const slower: Contrast = {
  measure: "recovery",
  n: [3, 3],
  censored: [0, 1],
  verdict: "slower",
  shift_ms: 12_300,
  interval_ms: [8000, 15_000],
  test: { name: "mann-whitney", method: "exact", p: 0.012, p_largest: 0.02 },
  cliffs_delta: { value: 0.8, interval: [0.4, 1] },
};
const alike: Contrast = {
  ...slower,
  verdict: "no-evidence",
  shift_ms: 200,
  interval_ms: [-1e3, 1e3],
};

const compared = (arm: string, against: string, ...measures: readonly Contrast[]): ComparedArm => ({
  arm,
  against,
  measures,
  without_result: [0, 2],
  unlike: [{ setting: "version", own: "v1.32", other: "v1.31" }],
});

const settings = {
  cluster: "kubernetes prod",
  version: "v1.32",
  fault: "power off",
  desktop: "Deployment",
  placement: "anywhere",
  probe: null,
  speed: "1",
  crm_master_killed: null,
};
const values = {
  values_ms: [
    [40_000, 40_500],
    [50_000, 50_100],
  ],
  longer_than_ms: [60_000],
} as const;
const none = { values_ms: [], longer_than_ms: [] };
const arm = (name: string): BaselineArm => ({
  name,
  settings,
  without_result: 0,
  measures: {
    recovery: values,
    outage: values,
    detection: none,
    fencing: none,
    placement: none,
    start: none,
    service: none,
  },
});
const side = (run: string, ...arms: readonly string[]): Baseline => ({
  format: 1,
  kind: "blackout-baseline",
  run,
  experiment: "study",
  tool: "0.1.0",
  started_wall: null,
  arms: arms.map(arm),
});

const runs: ComparedRuns = {
  comparison: {
    format: 1,
    run: "new",
    against: "old",
    arms: [compared("k8s", "k8s", slower), compared("pve-9", "pve-8", alike)],
    unmatched: [{ run: "old", arm: "spare" }],
  },
  own: side("new", "k8s", "pve-9"),
  other: side("old", "k8s", "pve-8", "spare"),
  verdict: { name: "fail", rule: "at most 5 s slower" },
};
const names = (source: string): readonly string[] =>
  [...source.matchAll(/<(\w+)/gu)].map(([, name]) => name ?? "");
const voids = ["meta", "br"];
/** A name, which nobody fetches. */
const SVG = "http://www.w3.org/2000/svg";

describe("comparisonSentences", () => {
  it("say what differs, on which arms, and by how much", () => {
    expect(comparisonSentences(runs.comparison)).toEqual([
      "Recovery is slower on k8s (+12.3 s); shows no evidence of a difference on pve-9 (against pve-8).",
    ]);
  });

  it("give bounds where trials are censored, so that there is no value", () => {
    const open = { ...slower, shift_ms: null, interval_ms: [8000, null] } as const;
    const outage = { ...alike, measure: "outage" } as const;
    const arms = [compared("k8s", "k8s", open, outage)];
    expect(comparisonSentences({ ...runs.comparison, arms })).toEqual([
      "Recovery is slower on k8s (at least +8.0 s).",
      "Outage shows no evidence of a difference on k8s.",
    ]);
  });
});

describe("compareHtml", () => {
  const page = parseStrictly(compareHtml(runs), voids);

  it("says the answer first, then the verdict, then what speaks against it", () => {
    const [header] = all(page, "header");
    const said = header === undefined ? "" : textOf(header);
    expect(said).toMatch(
      /new against old\s+Recovery is slower on k8s \(\+12\.3\u00a0s\);.*\s+FAIL\s+at most 5\u00a0s slower/u,
    );
    expect(said).toContain("k8s: another version of the cluster: v1.32, against v1.31");
    expect(said).toContain("pve-9 against pve-8: 0 of its trials say nothing");
    expect(said).toContain("not compared: spare of old has no counterpart");
  });

  it("has a row for each arm and measure, with shift, interval, test and trials", () => {
    const cells = all(page, "tr").map((row) => row.children.map(textOf));
    expect(cells).toContainEqual([
      "k8s",
      "recovery",
      "slower",
      "+12.3 s",
      "+8.0 s .. +15.0 s",
      "p = 0.012, Mann-Whitney, exact",
      "0.80 (0.40 .. 1.00)",
      "3 and 3 (0 and 1 censored)",
    ]);
  });

  it("draws every trial of both sides, and says in words what is drawn", () => {
    const [first] = all(page, "figure");
    expect(first === undefined ? [] : all(first, "circle")).toHaveLength(8);
    const [caption] = all(page, "figcaption");
    expect(caption === undefined ? "" : textOf(caption)).toContain(
      "new: 3 trials, 40.3 .. 50.0 s, 1 still down; old: 3 trials, 40.3 .. 50.0 s, 1 still down.",
    );
    const [drawing] = all(page, "div").filter(({ attributes }) => attributes.get("role") === "img");
    expect(drawing?.attributes.get("aria-labelledby")).toBe(caption?.attributes.get("id"));
  });

  it("stays small when a thousand trials are drawn", () => {
    const values_ms = Array.from(
      { length: 1000 },
      (_, index) => [40_000 + index, 40_500 + index] as const,
    );
    const many = {
      ...runs,
      own: {
        ...runs.own,
        arms: runs.own.arms.map((each) => ({
          ...each,
          measures: { ...each.measures, recovery: { values_ms, longer_than_ms: [] } },
        })),
      },
    };
    expect(compareHtml(many).length - compareHtml(runs).length).toBeLessThan(400_000);
  });

  it("can be read without a mouse, a network or a script", () => {
    for (const table of all(page, "table"))
      expect(table.children.map(({ name }) => name)).toEqual(["caption", "thead", "tbody"]);
    for (const head of all(page, "th")) expect(head.attributes.has("scope")).toBe(true);
    for (const region of all(page, "div").filter(
      ({ attributes }) => attributes.get("class") === "scroll",
    ))
      expect(region.attributes.get("tabindex")).toBe("0");
    expect(all(page, "script")).toEqual([]);
    expect(compareHtml(runs)).toContain("default-src 'none'");
    expect(compareHtml(runs).replaceAll(SVG, "")).not.toMatch(/https?:|url\(|@import/u);
  });

  it("shows foreign text harmless, and only as text", () => {
    const spoilt = JSON.parse(
      JSON.stringify(runs).replaceAll('"k8s"', JSON.stringify(`k8s${hostile}`)),
    ) as ComparedRuns;
    const text = compareHtml(spoilt);
    expect(names(text)).toEqual(names(compareHtml(runs)));
    parseStrictly(text, voids);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
  });
});
