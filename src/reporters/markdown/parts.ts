import { plainText } from "../../base/plain-text.ts";

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head.map(escape), head.map(() => "---"), ...rows.map((row) => row.map(escape))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

export const list = (items: readonly string[]): string =>
  items.map((item) => `- ${item}`).join("\n");

/**
 * Foreign text shows as it is: no markup, no block or table cell of its own, no link, no template or formula of those who
 * render it, nobody is mentioned.
 */
export const escape = (text: string): string =>
  plainText(text)
    .replace(/[\\`*_[\]<>|#~&@${}^!]/gu, String.raw`\$&`)
    .replace(/^(?:[-+](?=[-+\s]|$)|=)/u, String.raw`\$&`)
    .replace(/^(\d+)([.)])(?=\s|$)/u, String.raw`$1\$2`)
    .replaceAll("://", String.raw`\://`)
    .replace(/(?<=www)\.|(?<=mailto|xmpp):/giu, String.raw`\$&`);
