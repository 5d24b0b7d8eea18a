/** A line of a screen that is drawn again and again: it must not wrap, or what is taken back is not what was drawn. */
export interface Row {
  /** With its colours. */
  readonly text: string;
  /** Columns that it takes. */
  readonly width: number;
}

export type Paint = (text: string) => string;
export type Piece = string | readonly [text: string, paint: Paint];

/** Pieces side by side, cut at the last column. */
export function row(pieces: readonly Piece[], columns: number): Row {
  let [painted, width] = ["", 0];
  for (const piece of pieces) {
    const [text, paint] = typeof piece === "string" ? [piece, asItIs] : piece;
    const part = cut(text, columns - width);
    painted += part === "" ? "" : paint(part);
    width += columnsOf(part);
    if (part !== text) break;
  }
  return { text: painted, width };
}

/** The same over as many lines as it takes: a line ends between two pieces. */
export function flow(pieces: readonly Piece[], gap: string, columns: number): readonly Row[] {
  const lines: Piece[][] = [[]];
  let width = 0;
  for (const piece of pieces) {
    const wide = columnsOf(typeof piece === "string" ? piece : piece[0]);
    const isFirst = width === 0;
    if (!isFirst && width + columnsOf(gap) + wide > columns) {
      lines.push([piece]);
      width = wide;
    } else {
      lines.at(-1)?.push(...(isFirst ? [piece] : [gap, piece]));
      width += wide + (isFirst ? 0 : columnsOf(gap));
    }
  }
  return lines.map((line) => row(line, columns));
}

const asItIs: Paint = (text) => text;

/** As many columns of it as there is room for; what is missing shows as an ellipsis. */
export function cut(text: string, room: number): string {
  if (columnsOf(text) <= room) return text;
  let [kept, width] = ["", 0];
  for (const character of text) {
    width += columnsOf(character);
    if (width > room - 1) break;
    kept += character;
  }
  return room < 1 ? "" : `${kept}…`;
}

/** In as many columns as asked for, the text on the left. */
export const padded = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - columnsOf(text)));

/** Columns that a text takes on a terminal, at the most: what terminals do not agree on counts as wide. */
export const columnsOf = (text: string): number =>
  Array.from(text).reduce(
    (sum, character) => sum + (marks.test(character) ? 0 : wide.test(character) ? 2 : 1),
    0,
  );

const marks = /^\p{M}$/u;

/** Unicode Standard Annex 11, East Asian Width: W and F, by block; and emoji. */
const wide =
  /^[\p{Emoji_Presentation}\p{Extended_Pictographic}\u1100-\u115F\u2E80-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{1B2FF}\u{1F000}-\u{1FAFF}\u{20000}-\u{3FFFD}]$/u;
