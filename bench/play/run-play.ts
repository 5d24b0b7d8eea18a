import { OperatingError } from "../../src/base/errors.ts";
import type { PlayerOrder } from "../player/lines.ts";
import { playerLine } from "../player/lines.ts";
import { startProgram } from "../process/program.ts";
import type { Audience } from "./audience.ts";
import type { Truth } from "./truth-book.ts";
import { TruthBook } from "./truth-book.ts";

/** Plays it before an audience; resolves with what really happened when all have written down what they saw. */
export async function runPlay(
  order: Extract<PlayerOrder, { kind: "play" }>,
  audience: readonly Audience[],
  onProgress: (closed: number) => void,
): Promise<readonly Truth[]> {
  const player = startProgram("player/main.js", order, { speaks: playerLine, core: null });
  const book = new TruthBook();
  let closed = 0;
  let isFinished = false;
  for await (const line of player.lines) {
    book.take(line);
    for (const each of audience) each.take(line);
    if (line.kind === "closed") onProgress((closed += 1));
    if (line.kind === "finished") isFinished = true;
  }
  await player.end();
  if (!isFinished) throw new OperatingError("environment", "The play ended before its time");
  await Promise.all(audience.map(async (each) => await each.end()));
  return book.truths();
}
