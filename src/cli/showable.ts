import { plainLines } from "../base/plain-text.ts";

/** The colours that we write: no foreign text can hide behind them, as behind others (invisible, black on black). */
// oxlint-disable-next-line no-control-regex -- an escape sequence begins with one
const ours = /(\u001b\[(?:[0-2]|22|3[1269]|33)m)/u;

/**
 * The last look at what leaves for a terminal or a pipe: lines and our own colours pass, all else that would steer a
 * terminal does not. Foreign text has been made plain where it was put in; this is for where that was forgotten.
 */
export const showable = (text: string): string =>
  text
    .split(ours)
    .map((part, index) => (index % 2 === 1 ? part : plainLines(part)))
    .join("");
