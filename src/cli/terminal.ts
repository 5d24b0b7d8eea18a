import pc from "picocolors";
import { Outlet } from "./outlet.ts";
import { showable } from "./showable.ts";
import { scrubber } from "./surroundings.ts";

/** Where a command writes, without secrets and without what would steer a terminal. Results go to `out`, everything that accompanies them to `err`, so that output pipes. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Where `err` is a terminal on which lines can be redrawn; null elsewhere. */
  readonly bottom: Bottom | null;
  readonly width: () => number;
  readonly colours: ReturnType<typeof pc.createColors>;
  readonly outColours: ReturnType<typeof pc.createColors>;
  /** Writes an event to `err`; only there where `err` is a log of JSON lines. */
  readonly log?: (event: object) => void;
}

/** The bottom of a terminal, for whoever draws there again and again. */
export interface Bottom {
  /** From now on `take` is given what others write to `err`, so that nobody draws over it; null: `err` is written as it comes. */
  readonly lend: (take: ((text: string) => void) | null) => void;
  /** As `err`, by the one who draws. */
  readonly write: (text: string) => void;
  /** Takes back so many lines, one at the least, and what was typed below them. */
  readonly erase: (lines: number) => void;
}

/** The terminal of this process. */
export interface ProcessTerminal extends Terminal {
  /** Why results are missing in `out`; null where none are. */
  readonly lost: () => string | null;
}

export function processTerminal(): ProcessTerminal {
  const out = new Outlet(process.stdout);
  const err = new Outlet(process.stderr);
  const write = (text: string): void => err.write(showable(scrubber.scrub(text)));
  let taker: ((text: string) => void) | null = null;
  const bottom: Bottom = {
    lend: (take) => {
      taker = take;
    },
    write,
    erase: (lines) => err.write(`\r\u001b[${lines}A\u001b[J`),
  };
  return {
    out: (text) => out.write(showable(scrubber.scrub(text))),
    err: (text) => (taker ?? write)(text),
    bottom: isCapable(process.stderr) && process.env["CI"] === undefined ? bottom : null,
    width: () => Math.max(process.stderr.columns || 100, 40),
    colours: pc.createColors(colourful(process.stderr)),
    outColours: pc.createColors(colourful(process.stdout)),
    lost: () => out.lost,
  };
}

const colourful = (stream: NodeJS.WriteStream): boolean =>
  isCapable(stream) && (process.env["NO_COLOR"] ?? "") === "";

/** Node leaves `isTTY` out of a pipe or a file, whatever its type says. */
export const isTerminal = (stream: { readonly isTTY?: boolean }): boolean => stream.isTTY === true;

const isCapable = (stream: Partial<NodeJS.WriteStream>): boolean =>
  isTerminal(stream) && process.env["TERM"] !== "dumb";
