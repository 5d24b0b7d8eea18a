import pc from "picocolors";
import type { Terminal } from "../../src/cli/terminal.ts";

const colours = pc.createColors(false);

/** A terminal without colours, and what was said on it. */
export function fakeTerminal(width = 100): {
  readonly terminal: Terminal;
  readonly out: () => string;
  readonly err: () => string;
} {
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    bottom: null,
    width: () => width,
    colours,
    outColours: colours,
  };
  return { terminal, out: () => out, err: () => err };
}
