import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { rasterise } from "../../../src/cli/rasterise.ts";
import { reportPlots } from "../../../src/reporters/plots/report-plots.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { filesOf, inputFor } from "../../support/report-input.ts";

const fileNamed = async (path: string): Promise<Buffer> => {
  const files = await filesOf(reportPlots, inputFor(fakeReport(), { rasterise }));
  return present(
    files.find((file) => file.path === path),
    path,
  ).bytes;
};

const coloursIn = ({ data }: PNG): ReadonlySet<number> => {
  const colours = new Set<number>();
  for (let at = 0; at < data.length; at += 4) colours.add(data.readUIntBE(at, 3));
  return colours;
};

const darkIn = ({ data }: PNG): number => {
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data.readUIntBE(at, 3) === 0x1b1f24) dark += 1;
  }
  return dark;
};

test("plots are the same drawing as SVG and, two pixels for one, as PNG, in colours of their own and with its text", async () => {
  const svg = (await fileNamed("plots/recovery.svg")).toString();
  expect(svg).not.toContain("var(");
  const png = PNG.sync.read(await fileNamed("plots/recovery.png"));
  const [, height] = present(/^<svg[^>]* height="(\d+)"/u.exec(svg), "its height");
  expect([png.width, png.height]).toEqual([2 * 960, 2 * Number(height)]);
  const colours = coloursIn(png);
  for (const colour of [0xffffff, 0x0072b2, 0xe2e6eb]) expect(colours).toContain(colour);
  const silent = await rasterise(svg.replaceAll(/<text[^>]*>[^<]*<\/text>/gu, ""));
  expect(darkIn(png)).toBeGreaterThan(darkIn(PNG.sync.read(Buffer.from(silent))) + 1000);
});

test("a PNG is the same bytes again", async () => {
  expect(await fileNamed("plots/ecdf.png")).toEqual(await fileNamed("plots/ecdf.png"));
});

const heightOfEmpty = async (height: number): Promise<number> => {
  const svg = `<svg height="${height}" width="960" xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>`;
  return PNG.sync.read(Buffer.from(await rasterise(svg))).height;
};

test("a drawing that would fill the memory is drawn one pixel for one", async () => {
  expect(await heightOfEmpty(100)).toBe(200);
  expect(await heightOfEmpty(8000)).toBe(8000);
});
