/**
 * JSON for people and machines, of one value over several lines. What would steer a terminal is written as an escape, which
 * a reader of JSON takes for the same character: JSON itself escapes only some of it.
 */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(unshowable, escaped)}\n`;

/** The same on one line, for logs. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(unshowable, escaped)}\n`;

/** All but the newlines between the lines; those within strings are escapes already. */
const unshowable = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\uFFFE\uFFFF]/gu;

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => {
    const code = character.charCodeAt(index).toString(16);
    return String.raw`\u${code.padStart(4, "0")}`;
  }).join("");
