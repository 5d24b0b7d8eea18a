import { OperatingError } from "../../base/errors.ts";

/** An object in etcd has at most 1.5 MiB; as JSON it may take a few times that. */
const LONGEST_LINE = 8 * 1024 * 1024;

/** Cuts text that comes in pieces into its lines; an unfinished last one is dropped, as half an object is none. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE) {
      throw new OperatingError(
        "protocol",
        `Cannot read a watch as one of its lines is too long: it has more than ${LONGEST_LINE} characters`,
      );
    }
    yield* lines.filter((line) => line.trim() !== "");
  }
}
