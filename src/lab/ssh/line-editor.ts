/** What a keystroke made of the line that is being typed. */
export interface Keystrokes {
  /** Complete lines, `null` for the end of input (Ctrl-D on an empty line). */
  readonly lines: readonly (string | null)[];
  /** What a terminal has to show. */
  readonly echo: string;
}

const MAXIMUM_LINE = 4096;

/** The little of a terminal driver that typing a command needs: echo, backspace, Ctrl-C, Ctrl-D, Ctrl-U. */
export class LineEditor {
  readonly #prompt: string;
  #line = "";
  #afterReturn = false;
  /** Within the escape sequence of a key that this editor has not, as an arrow. */
  #escape = false;

  constructor(prompt: string) {
    this.#prompt = prompt;
  }

  type(text: string): Keystrokes {
    const lines: (string | null)[] = [];
    let echo = "";
    for (const key of text) {
      const done = this.#press(key);
      echo += done.echo;
      lines.push(...done.lines);
    }
    return { lines, echo };
  }

  #press(key: string): Keystrokes {
    const second = key === "\n" && this.#afterReturn;
    this.#afterReturn = key === "\r";
    if (second || this.#isWithinEscape(key)) return nothing;
    switch (key) {
      case "\r":
      case "\n":
        return { lines: [this.#take()], echo: "\r\n" };
      case "\x03":
        this.#take();
        return { lines: [], echo: `^C\r\n${this.#prompt}` };
      case "\x04":
        return this.#line === "" ? { lines: [null], echo: "\r\n" } : nothing;
      case "\x15":
        return { lines: [], echo: "\b \b".repeat(this.#take().length) };
      case "\x7f":
      case "\b":
        return this.#erase();
      default:
        return this.#add(key);
    }
  }

  #isWithinEscape(key: string): boolean {
    const within = this.#escape || key === "\x1b";
    this.#escape = within && !/[A-Za-z~]/.test(key);
    return within;
  }

  #add(key: string): Keystrokes {
    if (key < " " || this.#line.length >= MAXIMUM_LINE) return nothing;
    this.#line += key;
    return { lines: [], echo: key };
  }

  #erase(): Keystrokes {
    if (this.#line === "") return nothing;
    this.#line = this.#line.slice(0, -1);
    return { lines: [], echo: "\b \b" };
  }

  #take(): string {
    const line = this.#line;
    this.#line = "";
    return line;
  }
}

const nothing: Keystrokes = { lines: [], echo: "" };
