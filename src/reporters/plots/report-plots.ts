import type { ReportFile, Reporter } from "../reporter.ts";
import { drawingsOf } from "./drawings.ts";
import { printPalette } from "./palette.ts";
import type { Drawing } from "./paper.ts";
import { WIDE } from "./paper.ts";

/** The page's drawings as files of their own, for papers and slides: light, with no need of anything else. */
export const reportPlots: Reporter = async function* ({ report, rasterise }) {
  const { shared, ofArms } = drawingsOf(report);
  const all = [...shared, ...ofArms.flatMap(({ timeline, age }) => [timeline, age])];
  for (const drawing of all) {
    if (drawing !== null) yield* filesOf(drawing, rasterise);
  }
};

async function* filesOf(
  drawing: Drawing,
  rasterise: (svg: string) => Promise<Uint8Array>,
): AsyncIterable<ReportFile> {
  const svg = drawing.draw({ width: WIDE, palette: printPalette });
  yield { path: `plots/${drawing.name}.svg`, content: svg };
  yield { path: `plots/${drawing.name}.png`, content: await rasterise(svg) };
}
