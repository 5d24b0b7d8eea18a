import { OperatingError } from "../../base/errors.ts";

/** An object in etcd has at most 1.5 MiB; as JSON it may take a few times that. */
const LONGEST_LINE = 8 * 1024 * 1024;

/** Cuts text that comes in pieces into its lines; an unfinished last one is dropped, as half an object is none. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  // Kept in pieces until its end comes: searching all of it for each new piece would let a trickle take the processor.
  let unfinished: string[] = [];
  let length = 0;
  for await (const piece of pieces) {
    const [first = "", ...others] = piece.split("\n");
    unfinished.push(first);
    length += first.length;
    const last = others.pop();
    if (last !== undefined) {
      const lines = [unfinished.join(""), ...others];
      unfinished = [last];
      length = last.length;
      yield* lines.filter((line) => line.trim() !== "");
    }
    if (length > LONGEST_LINE) throw tooLong();
  }
}

const tooLong = (): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot read a watch as one of its lines is too long: it has more than ${LONGEST_LINE} characters`,
  );
