/** A word as a shell sees it after quoting, or an operator: `;`, `&&`, `||`, `&`, a redirection. */
export type Token =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "operator"; readonly text: string }
  | { readonly kind: "redirection"; readonly text: string };

const REDIRECTION = /^(?:&>|[0-9]?(?:>>|>&[0-9]?|>|<))/;
const OPERATOR = /^(?:&&|\|\||;|&|\n)/;
const BARE = /^[^\s'"\\;&|<>$`(){}*?#~!]+/;
const SINGLE_QUOTED = /^'([^']*)'/;
const DOUBLE_QUOTED = /^"([^"$`\\]*)"/;
const ESCAPED = /^\\([^\n])/;

/** The tokens of a line; null where it needs more of a shell (expansion, pipes, globs, an open quote). */
export function tokensOf(line: string): readonly Token[] | null {
  const tokens: Token[] = [];
  let rest = line.replace(/^[ \t]+/, "");
  while (rest !== "") {
    const taken = takeToken(rest);
    if (taken === null) return null;
    tokens.push(taken.token);
    rest = rest.slice(taken.length).replace(/^[ \t]+/, "");
  }
  return tokens;
}

function takeToken(rest: string): { token: Token; length: number } | null {
  const redirection = REDIRECTION.exec(rest)?.[0];
  if (redirection !== undefined) {
    return { token: { kind: "redirection", text: redirection }, length: redirection.length };
  }
  const operator = OPERATOR.exec(rest)?.[0];
  if (operator !== undefined) {
    return { token: { kind: "operator", text: operator }, length: operator.length };
  }
  return takeWord(rest);
}

/** A word may be made of several pieces, quoted in different ways. */
function takeWord(rest: string): { token: Token; length: number } | null {
  let text = "";
  let length = 0;
  for (let piece = takePiece(rest); piece !== null; piece = takePiece(rest.slice(length))) {
    text += piece.text;
    length += piece.length;
  }
  return length === 0 ? null : { token: { kind: "word", text }, length };
}

function takePiece(rest: string): { text: string; length: number } | null {
  const bare = BARE.exec(rest)?.[0];
  if (bare !== undefined) return { text: bare, length: bare.length };
  for (const quoting of [SINGLE_QUOTED, DOUBLE_QUOTED, ESCAPED]) {
    const match = quoting.exec(rest);
    if (match !== null) return { text: match[1] ?? "", length: match[0].length };
  }
  return null;
}
