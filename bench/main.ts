import picocolors from "picocolors";
import { describeError } from "../src/base/errors.ts";
import { SeededRandom } from "../src/platform/seeded-random.ts";
import type { Arguments, PartName } from "./arguments.ts";
import { readArguments } from "./arguments.ts";
import { measureCost } from "./cost/measure.ts";
import { measurePlay } from "./play/measure.ts";
import { thisMachine } from "./report/machine.ts";
import { checksOf, renderMarkdown, renderText } from "./report/render.ts";
import { nothing, readEarlier, readResults, writeResults } from "./report/results-file.ts";
import type { Circumstances, Results } from "./report/results.ts";
import { measureTwins } from "./twin/measure.ts";

/** `npm run bench`: measures, shows tables, writes the results; exit code 1 where a check does not hold. */

const MS_PER_SECOND = 1000;
const FAILOVERS = { quick: 1000, whole: 10_000 } as const;

async function measure(options: Arguments): Promise<Results> {
  const { only, quick, seed } = options;
  const wanted = (part: PartName): boolean => only === null || only === part;
  const who = { accuracy: wanted("accuracy"), peers: wanted("peers") };
  const play =
    who.accuracy || who.peers
      ? await timed(options, async () => await measurePlay({ seed, quick, ...who }, progress))
      : null;
  const cost = wanted("cost")
    ? await timed(options, async () => await measureCost(quick, progress))
    : null;
  const failovers = quick ? FAILOVERS.quick : FAILOVERS.whole;
  const twin = wanted("twin")
    ? await timed(options, () => measureTwins(new SeededRandom(seed), failovers))
    : null;
  progress("");
  const ofPlay = <Figures>(figures: Figures | null): Measured<Figures> | null =>
    play === null || figures === null ? null : { under: play.under, figures };
  return {
    version: 2,
    accuracy: ofPlay(play?.figures.accuracy ?? null),
    peers: ofPlay(play?.figures.peers ?? null),
    cost,
    twin,
  };
}

interface Measured<Figures> {
  readonly under: Circumstances;
  readonly figures: Figures;
}

async function timed<Figures>(
  { quick, seed }: Arguments,
  figuresOf: () => Figures | Promise<Figures>,
): Promise<Measured<Figures>> {
  const [began, from] = [new Date().toISOString(), performance.now()];
  const figures = await figuresOf();
  const duration_s = (performance.now() - from) / MS_PER_SECOND;
  return { under: { machine: thisMachine(), began, seed, quick, duration_s }, figures };
}

/** One line that changes, where somebody looks. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}

async function main(): Promise<void> {
  const options = readArguments(process.argv);
  if (options.markdown) {
    process.stdout.write(renderMarkdown(await readResults(options.out)));
    return;
  }
  const earlier = options.only === null ? nothing : await readEarlier(options.out);
  const measured = await measure(options);
  await writeResults(options.out, earlier, measured);
  const colours = picocolors.createColors(process.stdout.isTTY);
  process.stdout.write(renderText(measured, colours));
  if (checksOf(measured).some(({ ok }) => !ok)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 2;
});
