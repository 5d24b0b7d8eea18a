/** Whoever hears warnings and errors: a terminal, or a log. */
export interface Teller {
  readonly err: (text: string) => void;
  readonly colours: Readonly<Record<"red" | "yellow", (text: string) => string>>;
  /** There, where all that is said is a log of JSON lines. */
  readonly log?: (event: object) => void;
}

export function warn({ err, colours }: Omit<Teller, "log">, what: string): void {
  err(`${colours.yellow("warning:")} ${what}\n`);
}

/** An error that ends the process; in a log a line of its own kind. */
export function tellError({ err, colours, log }: Teller, text: string, exit_code: number): void {
  if (log === undefined) err(`${colours.red("error:")} ${text}\n`);
  else log({ kind: "error", text, exit_code });
}
