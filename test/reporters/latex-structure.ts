import { parse } from "@unified-latex/unified-latex-util-parse";

/** Commands, environments and what separates cells, as a parser of LaTeX sees them; what only shows text is left out. */
export const latexStructure = (source: string): string => JSON.stringify(skeleton(parse(source)));

function skeleton(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(skeleton).filter((each) => each !== null);
  if (typeof node !== "object" || node === null || !("type" in node)) return null;
  const { type, content, args, env } = node as Readonly<Record<string, unknown>>;
  const children = [args, content].filter(Array.isArray).map(skeleton);
  switch (type) {
    case "macro":
      return showing.has(String(content)) ? null : [content, ...children];
    case "string":
      return content === "&" ? "&" : null;
    case "group":
      return children.flat(2).length === 0 ? null : children;
    case "whitespace":
      return null;
    default:
      return [type, env, ...children];
  }
}

/** What shows a character. */
const showing = new Set([
  ..."\\{}$&#_%".split("").slice(1),
  "textbackslash",
  "textasciitilde",
  "textasciicircum",
  "textless",
  "textgreater",
  "textbar",
  "textendash",
  "symbol",
  "ensuremath",
]);
