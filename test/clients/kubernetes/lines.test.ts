import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf } from "../../../src/clients/kubernetes/lines.ts";

async function* pieces(texts: readonly string[]): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text);
}
const collect = async (texts: readonly string[]): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of linesOf(pieces(texts))) lines.push(line);
  return lines;
};

describe("linesOf", () => {
  it("gives the same lines however the text is cut, and drops an unfinished last one", async () => {
    const line = fc.stringMatching(/^[a-z{}":]{1,12}$/u);
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 8 }),
        fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 20 }),
        async (lines, cuts) => {
          const whole = `${lines.map((each) => `${each}\n`).join("")}unfinished`;
          const parts: string[] = [];
          let rest = whole;
          for (let at = 0; rest !== ""; at++) {
            const size = 1 + (cuts[at % cuts.length] ?? 0);
            parts.push(rest.slice(0, size));
            rest = rest.slice(size);
          }
          expect(await collect(parts)).toEqual(lines);
        },
      ),
      { seed: 11, numRuns: 200 },
    );
  });

  it("does not look through a long line anew for each piece of it", async () => {
    const trickle = Array.from({ length: 300_000 }, () => "xxxxxxxxxx");
    const [line, ...others] = await collect([...trickle, "\n{}\nunfinished"]);
    expect(line).toHaveLength(3_000_000);
    expect(others).toEqual(["{}"]);
  });

  it("refuses a line without end", async () => {
    const piece = "x".repeat(3 * 1024 * 1024);
    await expect(collect([piece, piece, piece])).rejects.toMatchObject({ code: "protocol" });
  });
});
