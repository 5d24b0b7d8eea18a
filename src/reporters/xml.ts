import { plainText } from "../base/plain-text.ts";

/** An element of XML 1.0; what stands inside is elements already written. */
export function element(
  name: string,
  attributes: Attributes,
  children: readonly string[] = [],
): string {
  const start = `<${name}${written(attributes)}`;
  if (children.length === 0) return `${start}/>`;
  const inside = children.flatMap((child) => child.split("\n")).map((line) => `  ${line}`);
  return [`${start}>`, ...inside, `</${name}>`].join("\n");
}

/** An element with nothing but text inside, in one line. */
export const textElement = (name: string, attributes: Attributes, text: string): string =>
  `<${name}${written(attributes)}>${xmlText(text)}</${name}>`;

type Attributes = Readonly<Record<string, string | number>>;

const written = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${xmlText(value)}"`)
    .join("");

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
