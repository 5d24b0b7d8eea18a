import { pagePalette } from "../plots/palette.ts";
import type { Drawing } from "../plots/paper.ts";
import { NARROW, WIDE } from "../plots/paper.ts";
import type { Markup } from "./markup.ts";
import { markup, trusted } from "./markup.ts";

/** A drawing in the page. A phone gets one of its own, in which the text is as large, or scrolls the wide one. */
export function figure(drawing: Drawing, phone: "redrawn" | "scrolled"): Markup {
  const id = `plot-${drawing.name}`;
  const wide = drawn(drawing, WIDE);
  return markup`<figure><figcaption id="${id}"><b>${drawing.title}.</b> ${drawing.description}</figcaption>
${
  phone === "scrolled"
    ? markup`<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}"><div class="drawing long" role="img" aria-labelledby="${id}">${wide}</div></div>`
    : markup`<div class="drawing wide" role="img" aria-labelledby="${id}">${wide}</div><div class="drawing narrow" role="img" aria-labelledby="${id}">${drawn(drawing, NARROW)}</div>`
}</figure>
`;
}

const drawn = (drawing: Drawing, width: number): Markup =>
  trusted(drawing.draw({ width, palette: pagePalette }));
