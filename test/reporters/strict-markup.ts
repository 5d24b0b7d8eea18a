import { assert, present } from "../../src/base/assert.ts";

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** Of this element alone, entities resolved. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

/**
 * Reads XML, or HTML as we write it (void elements named), and refuses all that is not well-formed: unbalanced tags,
 * bare ampersands, unquoted or doubled attributes, characters that XML 1.0 forbids.
 */
export function parseStrictly(source: string, voids: readonly string[] = []): Element {
  // oxlint-disable-next-line no-control-regex -- these are what it looks for
  const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/u;
  assert(!forbidden.test(source), "a character that XML 1.0 forbids");
  const stack: Open[] = [{ name: "", attributes: new Map(), children: [], text: "" }];
  const top = (): Open => present(stack.at(-1), "an open element");
  let rest = source.replace(/^(?:<\?xml [^?]*\?>|<!doctype html>)/u, "");
  while (rest !== "") {
    const tag = /^<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)(\/?)>/u.exec(rest);
    if (tag === null) {
      const end = top().name === "style" ? rest.indexOf("</style>") : rest.search(/<|$/u);
      assert(end > 0, `neither tag nor text: ${rest.slice(0, 60)}`);
      top().text += resolve(rest.slice(0, end));
      rest = rest.slice(end);
      continue;
    }
    const [whole, closes, name = "", attributes = "", empty] = tag;
    rest = rest.slice(whole.length);
    if (closes === "/") {
      assert(top().name === name, `</${name}> closes <${top().name}>`);
      const done = present(stack.pop(), "an open element");
      top().children.push(done);
    } else {
      const element = { name, attributes: attributesOf(attributes), children: [], text: "" };
      if (empty === "/" || voids.includes(name)) top().children.push(element);
      else stack.push(element);
    }
  }
  assert(stack.length === 1, `<${top().name}> is not closed`);
  const [root, ...more] = top().children;
  assert(more.length === 0, "more than one root");
  return present(root, "a root");
}

/** All elements of that name, at any depth, in their order. */
export const all = (element: Element, name: string): readonly Element[] => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => all(child, name)),
];

/** The text of an element and of all within it. */
export const textOf = (element: Element): string =>
  [element.text, ...element.children.map(textOf)].join(" ");

function attributesOf(source: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", value = ""] of source.matchAll(/([\w:-]+)="([^"]*)"/gu)) {
    assert(!found.has(name), `attribute ${name} twice`);
    found.set(name, resolve(value));
  }
  return found;
}

const entities = new Map(
  Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", "#39": "'" }),
);

const resolve = (text: string): string =>
  text.replace(/&([^;\s]*;?)/gu, (whole, name: string) =>
    present(entities.get(name.replace(/;$/u, "")), `entity ${whole}`),
  );
