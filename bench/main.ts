import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import picocolors from "picocolors";
import { describeError } from "../src/base/errors.ts";
import { SeededRandom } from "../src/platform/seeded-random.ts";
import type { Arguments, PartName } from "./arguments.ts";
import { readArguments } from "./arguments.ts";
import { measureCost } from "./cost/measure.ts";
import { measurePlay } from "./play/measure.ts";
import { thisMachine } from "./report/machine.ts";
import { checksOf, renderMarkdown, renderText } from "./report/render.ts";
import type { Results } from "./report/results.ts";
import { results as resultsFile } from "./report/results.ts";
import { measureTwins } from "./twin/measure.ts";

/** `npm run bench`: measures, shows tables, writes the results; exit code 1 where a check does not hold. */

const MS_PER_SECOND = 1000;
const FAILOVERS = { quick: 1000, whole: 10_000 } as const;

async function measure({ only, quick, seed }: Arguments): Promise<Results> {
  const began = new Date();
  const wanted = (part: PartName): boolean => only === null || only === part;
  const who = { accuracy: wanted("accuracy"), peers: wanted("peers") };
  const play =
    who.accuracy || who.peers
      ? await measurePlay({ seed, quick, ...who }, progress)
      : { accuracy: null, peers: null };
  const cost = wanted("cost") ? await measureCost(quick, progress) : null;
  const failovers = quick ? FAILOVERS.quick : FAILOVERS.whole;
  const twin = wanted("twin") ? measureTwins(new SeededRandom(seed), failovers) : null;
  progress("");
  return {
    version: 1,
    machine: thisMachine(),
    began: began.toISOString(),
    seed,
    quick,
    duration_s: (Date.now() - began.getTime()) / MS_PER_SECOND,
    ...play,
    cost,
    twin,
  };
}

/** One line that changes, where somebody looks. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}

async function main(): Promise<void> {
  const options = readArguments(process.argv);
  if (options.markdown) {
    const text = await readFile(options.out, "utf8");
    process.stdout.write(renderMarkdown(resultsFile.parse(JSON.parse(text))));
    return;
  }
  const measured = await measure(options);
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify(measured)}\n`);
  const colours = picocolors.createColors(process.stdout.isTTY);
  process.stdout.write(renderText(measured, colours));
  if (checksOf(measured).some(({ ok }) => !ok)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 2;
});
