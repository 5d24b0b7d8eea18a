/**
 * What a terminal of so many columns shows, of one that knows only what `blackout` sends: colours, moving up and erasing what
 * is below. Anything else is an error.
 */
export class TinyTerminal {
  readonly #columns: number;
  readonly #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  /** What stood at the bottom each time before it was taken back. */
  readonly screens: (readonly string[])[] = [];

  constructor(columns: number) {
    this.#columns = columns;
  }

  get lines(): readonly string[] {
    return this.#lines.map((cells) => cells.join("").trimEnd());
  }

  write(text: string): void {
    for (const [token] of text.matchAll(tokens)) this.#take(token);
  }

  #take(token: string): void {
    const [, count = "", letter] = escape.exec(token) ?? [];
    if (token === "\r") this.#column = 0;
    else if (token === "\n") this.#goTo(this.#row + 1);
    else if (letter === "A") this.#goTo(Math.max(0, this.#row - Number(count)));
    else if (letter === "J") this.#eraseBelow();
    else if (letter === undefined && !token.startsWith("\u001b")) this.#put(token);
    else if (letter !== "m") throw new Error(`it does not know ${JSON.stringify(token)}`);
  }

  #put(character: string): void {
    if (this.#column >= this.#columns) {
      this.#goTo(this.#row + 1);
      this.#column = 0;
    }
    const cells = this.#lines[this.#row] ?? [];
    while (cells.length < this.#column) cells.push(" ");
    cells[this.#column] = character;
    this.#column += 1;
  }

  #goTo(row: number): void {
    this.#row = row;
    while (this.#lines.length <= row) this.#lines.push([]);
  }

  #eraseBelow(): void {
    this.screens.push(this.lines.slice(this.#row));
    this.#lines.length = this.#row + 1;
    this.#lines[this.#row]?.splice(this.#column);
  }
}

// oxlint-disable-next-line no-control-regex -- an escape sequence begins with one
const escape = /^\u001b\[([\d;]*)([A-Za-z])$/u;
// oxlint-disable-next-line no-control-regex -- likewise
const tokens = /\u001b\[[\d;]*[A-Za-z]|\u001b|[\s\S]/gu;
