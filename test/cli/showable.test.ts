import * as fc from "fast-check";
import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { jsonText } from "../../src/base/json-text.ts";
import { showable } from "../../src/cli/showable.ts";
import { hostile } from "../support/fake-report.ts";

const colours = pc.createColors(true);
const bits = fc.constantFrom(
  hostile,
  "\u001b[",
  "8m",
  "2J",
  "\u001b]52;c;",
  "\u009b",
  "\u0007",
  "\u202e",
  "\ud800",
  "\n",
);
const foreign = fc
  .array(fc.oneof(bits, fc.string({ unit: "binary" })))
  .map((parts) => parts.join(""));

describe("showable", () => {
  it("lets our own lines and colours pass as they are", () => {
    const { bold, dim, red, green, yellow, cyan } = colours;
    const line = `${bold(red("no"))} ${dim(green("ok"))}\n  ${yellow("!")} ${cyan("±4")} 東京\n`;
    expect(showable(line)).toBe(line);
  });

  it("takes out what hides, moves, writes titles or fills a clipboard", () => {
    expect(showable("a\u001b[8mb\u001b[2J\u001b]0;t\u0007\u001b]52;c;eA==\u0007c\rd\u001bc")).toBe(
      "abcd",
    );
    expect(showable("\u001b[38;5;0mx\u001b[30;40my")).toBe("xy");
  });

  it("leaves of anything only lines and those colours", () => {
    fc.assert(
      fc.property(foreign, (text) => {
        // oxlint-disable-next-line no-control-regex -- these are what it looks for
        const bare = showable(text).replaceAll(/\u001b\[(?:[0-2]|22|3[1269]|33)m/gu, "");
        expect(bare).not.toMatch(/[^\P{C}\n\p{Cn}]/u);
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});

describe("jsonText", () => {
  it("is the same value to a reader, and shows nothing to a terminal", () => {
    fc.assert(
      fc.property(fc.dictionary(foreign, foreign), (value) => {
        const text = jsonText(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(showable(text)).toBe(text);
      }),
      { seed: 12, numRuns: 500 },
    );
  });
});
