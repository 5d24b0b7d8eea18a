import { plainText } from "../base/plain-text.ts";

/** Foreign text of any length, plain and no longer than that many letters. */
export function shortText(text: string, most: number): string {
  const letters = Array.from(plainText(text));
  return letters.length <= most ? letters.join("") : `${letters.slice(0, most - 1).join("")}…`;
}
