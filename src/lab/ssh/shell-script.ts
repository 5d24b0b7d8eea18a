import { tokensOf } from "./shell-words.ts";
import type { Token } from "./shell-words.ts";

/** One simple command of a line, with how it hangs together with its neighbours. */
export interface Statement {
  readonly words: readonly string[];
  /** Where its output goes: null for the session, else a path. */
  readonly output: string | null;
  /** Where its complaints go, likewise. */
  readonly errors: string | null;
  readonly runs: Condition;
  readonly background: boolean;
}

/** What the statement before it has to have said. */
export type Condition = "always" | "if-ok" | "if-failed";

/** A line as simple commands joined by `;`, `&&`, `||`, `&`; null where it is more than that. */
export function statementsOf(line: string): readonly Statement[] | null {
  const tokens = tokensOf(line);
  if (tokens === null) return null;
  const statements: Statement[] = [];
  let runs: Condition = "always";
  let command: Token[] = [];
  for (const token of [...tokens, { kind: "operator", text: "\n" } satisfies Token]) {
    if (token.kind !== "operator") {
      command.push(token);
      continue;
    }
    const statement = statementOf(command, runs, token.text === "&");
    if (statement === null) return null;
    if (statement.words.length > 0) statements.push(statement);
    command = [];
    runs = token.text === "&&" ? "if-ok" : token.text === "||" ? "if-failed" : "always";
  }
  return statements;
}

function statementOf(
  tokens: readonly Token[],
  runs: Condition,
  background: boolean,
): Statement | null {
  const words: string[] = [];
  let output: string | null = null;
  let errors: string | null = null;
  const rest = tokens[Symbol.iterator]();
  for (const token of rest) {
    if (token.kind === "word") {
      words.push(token.text);
      continue;
    }
    if (token.text === "2>&1") errors = output;
    if (/>&[0-9]$/.test(token.text)) continue;
    const target = rest.next();
    if (target.done === true || target.value.kind !== "word") return null;
    const { text } = target.value;
    if (/^(?:&|1)?>/.test(token.text)) output = text;
    else if (text !== "/dev/null") return null;
    if (/^[&2]>/.test(token.text)) errors = text;
  }
  return { words, output, errors, runs, background };
}
