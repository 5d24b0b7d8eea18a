import { plainText } from "../../base/plain-text.ts";
import type { Markup } from "./markup.ts";
import { markup, trusted } from "./markup.ts";

/** A sentence in which no line ends between a number and its unit, as in `152.0 s`. */
export function unbroken(sentence: string): Markup {
  const [first = "", ...more] = plainText(sentence).split(BEFORE_UNIT);
  return markup`${first}${more.map((rest) => markup`${trusted(NO_BREAK_SPACE)}${rest}`)}`;
}

const BEFORE_UNIT = /(?<=\d) (?=(?:s|%)(?![\p{L}\p{N}]))/u;
const NO_BREAK_SPACE = "\u00a0";
