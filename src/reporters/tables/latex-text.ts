import { plainText } from "../../base/plain-text.ts";

/**
 * Foreign text shows as it is: no command, no cell, comment or ligature of its own, nor what a line's end before it would take
 * for its argument.
 */
export const latexText = (text: string): string =>
  plainText(text)
    .replace(/[\\{}$&#_%~^<>|"[\]*±–−]/gu, (character) => shown[character] ?? "")
    .replace(/['`?!,-](?=['`,-])/gu, "$&{}");

const shown: Readonly<Record<string, string>> = {
  "\\": String.raw`\textbackslash{}`,
  "{": String.raw`\{`,
  "}": String.raw`\}`,
  $: String.raw`\$`,
  "&": String.raw`\&`,
  "#": String.raw`\#`,
  _: String.raw`\_`,
  "%": String.raw`\%`,
  "~": String.raw`\textasciitilde{}`,
  "^": String.raw`\textasciicircum{}`,
  "<": String.raw`\textless{}`,
  ">": String.raw`\textgreater{}`,
  "|": String.raw`\textbar{}`,
  '"': String.raw`\symbol{34}`,
  "[": "{[}",
  "]": "{]}",
  "*": "{*}",
  "±": String.raw`\ensuremath{\pm}`,
  "–": String.raw`\textendash{}`,
  "−": String.raw`\ensuremath{-}`,
};
