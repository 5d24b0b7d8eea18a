import { plainText } from "../base/plain-text.ts";

/** An element of XML 1.0; what stands inside is text, or elements already written. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(value)}"`);
  const start = `<${name}${written.join("")}`;
  if (children.length === 0) return `${start}/>`;
  const inside = children.flatMap((child) => child.split("\n")).map((line) => `  ${line}`);
  return [`${start}>`, ...inside, `</${name}>`].join("\n");
}

/** Without the characters that XML 1.0 forbids even as references, and with those escaped that mean something to it. */
const xmlText = (value: string | number): string =>
  plainText(String(value)).replace(/[&<>"']/gu, (character) => entities[character] ?? "");

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
