import { pagePalette } from "../plots/palette.ts";
import type { Drawing } from "../plots/paper.ts";
import { NARROW, WIDE } from "../plots/paper.ts";
import type { Markup } from "./markup.ts";
import { markup, trusted } from "./markup.ts";

/** A drawing in the page. A phone gets one of its own, in which the text is as large. */
export function figure(drawing: Drawing): Markup {
  const id = `plot-${drawing.name}`;
  const drawn = (width: number): Markup => trusted(drawing.draw({ width, palette: pagePalette }));
  return markup`<figure><figcaption id="${id}"><b>${drawing.title}.</b> ${drawing.description}</figcaption>
<div class="drawing wide" role="img" aria-labelledby="${id}">${drawn(WIDE)}</div><div class="drawing narrow" role="img" aria-labelledby="${id}">${drawn(NARROW)}</div></figure>
`;
}
