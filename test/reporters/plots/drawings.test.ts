import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.ts";
import type { RunReport } from "../../../src/model/run-report.ts";
import { drawingsOf } from "../../../src/reporters/plots/drawings.ts";
import { pagePalette, printPalette } from "../../../src/reporters/plots/palette.ts";
import type { Drawing, Paper } from "../../../src/reporters/plots/paper.ts";
import { NARROW, WIDE } from "../../../src/reporters/plots/paper.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { emptyReport } from "../empty-report.ts";
import { hostileReport } from "../hostile-report.ts";
import type { Element } from "../strict-markup.ts";
import { all, parseStrictly, textOf } from "../strict-markup.ts";

const allOf = (report: RunReport): readonly Drawing[] => {
  const { shared, ofArms } = drawingsOf(report);
  return [...shared, ...ofArms.flatMap(({ timeline, age }) => [timeline, age])].filter(
    (each) => each !== null,
  );
};

const named = (report: RunReport, name: string): Element => {
  const drawing = present(
    allOf(report).find((each) => each.name === name),
    name,
  );
  return parseStrictly(drawing.draw({ width: WIDE, palette: printPalette }));
};

const numbersIn = (svg: Element): readonly number[] =>
  [svg, ...svg.children].flatMap(function inside(each: Element): readonly number[] {
    const own = [...each.attributes]
      .filter(([key]) => /^(?:d|[xy][12]?|c[xy]|transform|width|height)$/u.test(key))
      .flatMap(([, value]) => value.match(/-?[\d.]+/gu) ?? [])
      .map(Number);
    return [...own, ...each.children.flatMap(inside)];
  });

test.each([["fake", fakeReport] as const, ["hostile", hostileReport] as const])(
  "every drawing of a %s report is well-formed on every paper, and its numbers lie on it",
  (_, make) => {
    for (const { drawing, paper } of onEveryPaper(make())) {
      const svg = parseStrictly(drawing.draw(paper));
      expect(svg.attributes.get("xmlns")).toBe("http://www.w3.org/2000/svg");
      const most = Math.max(paper.width, Number(svg.attributes.get("height")));
      for (const number of numbersIn(svg)) {
        expect(number).toBeGreaterThan(-60);
        expect(number).toBeLessThan(most + 40);
      }
    }
  },
);

const onEveryPaper = (
  report: RunReport,
): readonly { readonly drawing: Drawing; readonly paper: Paper }[] =>
  allOf(report).flatMap((drawing) =>
    [WIDE, NARROW].flatMap((width) =>
      [pagePalette, printPalette].map((palette) => ({ drawing, paper: { width, palette } })),
    ),
  );

const drawn = ({ name, draw }: Drawing): readonly [string, string] => [
  name,
  draw({ width: WIDE, palette: pagePalette }),
];

test("drawings are the same bytes again, in another order, and after others", () => {
  const once = new Map(allOf(fakeReport()).map(drawn));
  allOf(hostileReport()).map(drawn);
  const again = new Map(allOf(fakeReport()).toReversed().map(drawn));
  expect([...again].toReversed()).toEqual([...once]);
});

test("foreign text in a drawing is text, in no attribute, and cannot name a file outside its folder", () => {
  for (const drawing of allOf(hostileReport())) {
    expect(drawing.name).toMatch(/^[a-z][\w-]*$/u);
    const svg = parseStrictly(drawing.draw({ width: WIDE, palette: printPalette }));
    const attributes = JSON.stringify(attributesOf(svg));
    expect(attributes).not.toMatch(/script|evil|HYPERLINK/u);
    expect(textOf(svg)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    for (const name of ["script", "a", "image", "foreignObject", "use"]) {
      expect(all(svg, name)).toEqual([]);
    }
  }
});

const attributesOf = (element: Element): readonly unknown[] => [
  [...element.attributes],
  ...element.children.map(attributesOf),
];

test("the recovery drawing has a dot for each recovered trial, a sign for each that is still down, and a diamond for each reference value", () => {
  const svg = named(fakeReport(), "recovery");
  expect(all(svg, "circle")).toHaveLength(28);
  expect(all(svg, "text").filter(({ text }) => text.startsWith("▷"))).toHaveLength(1);
  const diamonds = all(svg, "path").filter((each) => textOf(each).includes("Thesis"));
  expect(diamonds).toHaveLength(30);
  expect(textOf(svg)).toMatch(/median [\d.]+ s, 95 % [\d.]+ \.\. [\d.]+, 9 of 10 back/u);
});

test("the ECDF names each arm with its median, and says Kaplan and Meier where trials are censored", () => {
  const [, ecdf] = drawingsOf(fakeReport()).shared;
  expect(ecdf?.description).toContain("Kaplan and Meier");
  const svg = named(fakeReport(), "ecdf");
  for (const { name } of fakeReport().arms) {
    expect(textOf(svg)).toMatch(new RegExp(`${name}, median [\\d.]+ s`, "u"));
  }
  expect(all(svg, "text").filter(({ text }) => text === "+")).toHaveLength(1);
  const whole = fakeReport().trials.filter(({ outcome }) => outcome.kind === "recovered");
  const [, plain] = drawingsOf(fakeReport({ trials: whole })).shared;
  expect(plain?.description).toContain("(ECDF)");
});

test("a timeline has the length of each trial as text, and what came of one that was not timed", () => {
  const text = textOf(named(fakeReport(), "timeline-1-proxmox-guest"));
  expect(text.match(/[\d.]+ ± [\d.]+ s/gu)).toHaveLength(9);
  expect(text).toContain("void: no steady state");
  for (const [index, phase] of [
    "detection",
    "fencing",
    "placement",
    "start",
    "service",
  ].entries()) {
    expect(text).toContain(`${index + 1} ${phase}`);
  }
  expect(textOf(named(fakeReport(), "timeline-3-kubernetes"))).toContain("▷ 180.0 s");
});

test("a timeline on a phone says what came of a trial in as many letters as it has room for, and numbers what is wide enough", () => {
  const trials = fakeReport().trials.map((trial) =>
    trial.outcome.kind === "void"
      ? { ...trial, outcome: { kind: "void" as const, why: "very ".repeat(40) } }
      : trial,
  );
  const textsOf = (name: string, width: number): readonly string[] => {
    const drawing = allOf(fakeReport({ trials })).find((each) => each.name === name);
    const svg = parseStrictly(present(drawing, name).draw({ width, palette: pagePalette }));
    return all(svg, "text").map(({ text }) => text);
  };
  const lettersOn = (width: number): number =>
    textsOf("timeline-1-proxmox-guest", width).find((text) => text.startsWith("void"))?.length ?? 0;
  expect(lettersOn(WIDE)).toBeGreaterThan(100);
  expect(lettersOn(NARROW)).toBeLessThan(50);
  expect(lettersOn(NARROW)).toBeGreaterThan(30);
  const startsOn = (width: number): number =>
    textsOf("timeline-3-kubernetes", width).filter((text) => text === "4").length;
  expect(startsOn(WIDE)).toBeGreaterThan(5);
  // The number of a trial.
  expect(startsOn(NARROW)).toBe(1);
});

const agesOf = (report: RunReport): readonly string[] =>
  allOf(report).flatMap(({ name }) => (name.startsWith("cycle-age") ? [name] : []));

test("recovery is drawn against the cycle's age of arms in which two trials tell both", () => {
  expect(agesOf(fakeReport())).toHaveLength(3);
  const trials = fakeReport().trials.map((trial) =>
    trial.arm === "kubernetes" ? { ...trial, cycle_age: null } : trial,
  );
  expect(agesOf(fakeReport({ trials }))).toHaveLength(2);
});

test("recovery against the cycle's age tells trials apart in which the CRM master was the victim", () => {
  const trials = fakeReport().trials.map((trial) =>
    trial.repetition === 2 ? { ...trial, victim_was_master: true } : trial,
  );
  const report = fakeReport({ trials });
  const { age } = present(drawingsOf(report).ofArms[0], "an arm");
  expect(age?.description).toContain("Hollow: the victim was the CRM master.");
  const groups = all(named(report, "cycle-age-1-proxmox-guest"), "g")
    .map(({ children }) => children.filter(({ name }) => name === "circle").length)
    .filter((circles) => circles > 0);
  expect(groups).toEqual([8, 1]);
});

test("the mark of a trial that was still down says how long that was", () => {
  const titles = all(named(fakeReport(), "recovery"), "title").map((title) => textOf(title));
  expect(titles).toContain("still down after 180.0 s");
});

test("nothing is drawn of a run in which nothing came back", () => {
  expect(allOf(emptyReport())).toEqual([]);
});

test("of many trials the intervals against the cycle's age are left out, and that is said", () => {
  const trials = Array.from({ length: 7 }, (_, copy) =>
    fakeReport().trials.map((trial) => ({ ...trial, trial: `${trial.trial}-${copy}` })),
  ).flat();
  const report = fakeReport({ trials });
  const { age } = present(drawingsOf(report).ofArms[1], "an arm");
  expect(age?.description).toContain("the intervals of more than 60 are left out");
  const svg = named(report, "cycle-age-2-proxmox-console");
  expect(all(svg, "circle")).toHaveLength(70);
  expect(all(svg, "title")).toEqual([]);
});
