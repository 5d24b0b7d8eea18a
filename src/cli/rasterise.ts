import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Resvg, initWasm } from "@resvg/resvg-wasm";

/**
 * An SVG as PNG on white, without a browser and with a font of our own, so that it is the same on every machine. Two pixels
 * for one, as papers are printed finer than screens; one for one where that would be too large.
 */
export async function rasterise(svg: string): Promise<Uint8Array> {
  loading ??= load();
  const fonts = await loading;
  const zoom = pixelsOf(svg) * 4 > MOST_PIXELS ? 1 : 2;
  const drawing = new Resvg(svg, {
    background: "#ffffff",
    fitTo: { mode: "zoom", value: zoom },
    font: { fontBuffers: [...fonts], defaultFontFamily: FAMILY, sansSerifFamily: FAMILY },
  });
  try {
    const image = drawing.render();
    const png = Uint8Array.from(image.asPng());
    image.free();
    return png;
  } finally {
    drawing.free();
  }
}

const FAMILY = "DejaVu Sans";
/** 24 MB of memory, and half a second: the timelines of 300 trials are larger. */
const MOST_PIXELS = 6e6;

const pixelsOf = (svg: string): number => {
  const [root = ""] = /^<svg[^>]*>/u.exec(svg) ?? [];
  const [width, height] = [/ width="([\d.]+)"/u, / height="([\d.]+)"/u].map((side) =>
    Number(side.exec(root)?.[1] ?? 0),
  );
  return (width ?? 0) * (height ?? 0);
};

let loading: Promise<readonly Uint8Array[]> | null = null;

async function load(): Promise<readonly Uint8Array[]> {
  const { resolve } = createRequire(import.meta.url);
  await initWasm(await readFile(resolve("@resvg/resvg-wasm/index_bg.wasm")));
  return await Promise.all(
    ["DejaVuSans", "DejaVuSans-Bold"].map(
      async (name) => await readFile(resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)),
    ),
  );
}
