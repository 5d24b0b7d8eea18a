import pc from "picocolors";

/** Where a command writes. Results go to `out`, everything that accompanies them to `err`, so that output pipes. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** `err` is a terminal: lines may be redrawn. */
  readonly live: boolean;
  readonly width: () => number;
  readonly colours: ReturnType<typeof pc.createColors>;
  readonly outColours: ReturnType<typeof pc.createColors>;
}

export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    live: isTerminal(process.stderr) && process.env["CI"] === undefined,
    width: () => Math.max(process.stderr.columns || 100, 40),
    colours: pc.createColors(colourful(process.stderr)),
    outColours: pc.createColors(colourful(process.stdout)),
  };
}

/** Whoever reads may stop reading (`| head`): that ends the output, and never a trial that has to heal. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

const colourful = (stream: NodeJS.WriteStream): boolean =>
  isTerminal(stream) && (process.env["NO_COLOR"] ?? "") === "";

/** Node leaves `isTTY` out of a pipe or a file, whatever its type says. */
const isTerminal = (stream: Partial<NodeJS.WriteStream>): boolean =>
  stream.isTTY === true && process.env["TERM"] !== "dumb";
