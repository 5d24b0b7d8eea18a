import type { z } from "zod";
import { OperatingError } from "../../src/base/errors.ts";
import { layers } from "../../src/model/experiment.ts";
import { playerLine } from "../player/lines.ts";
import { twoCores } from "../process/cores.ts";
import { startProgram } from "../process/program.ts";
import type { Cost, DepthCost, WatchCost } from "../report/results.ts";
import { depthCost, watchCost } from "../report/results.ts";
import type { CostOrder } from "./order.ts";

type Desktops = Pick<CostOrder, "addresses" | "port">;

const DESKTOPS = [1, 100, 1000] as const;
const MOST = Math.max(...DESKTOPS);
/** As many attempts at once, one on each desktop, keep a core busy. */
const AT_ONCE = 32;
/** The first attempts compile what they run, and cost many times what they do later. */
const WARMUP_S = 10;

/** A fresh process for each figure, on one core; who plays the desktops is on another. */
export async function measureCost(
  isQuick: boolean,
  onProgress: (text: string) => void,
): Promise<Cost> {
  const cores = twoCores();
  const order = { kind: "serve", desktops: MOST } as const;
  const player = startProgram("player/main.js", order, { speaks: playerLine, core: cores.player });
  try {
    const { addresses, port } = await serving(player.lines);
    const seconds = isQuick ? 5 : 30;
    const common = { port, warmup_s: WARMUP_S, seconds };
    const watches: WatchCost[] = [];
    for (const desktops of DESKTOPS) {
      onProgress(`${desktops} desktops, one attempt per second each`);
      const step = { kind: "watch", ...common, ...some(addresses, desktops), period_ms: 1000 };
      watches.push(await inProcess(step, watchCost, cores.prober));
    }
    const depths: DepthCost[] = [];
    for (const depth of layers) {
      onProgress(`attempts to depth ${depth}, one after the other`);
      const step = { kind: "flat-out", ...common, ...some(addresses, AT_ONCE), depth };
      depths.push(await inProcess({ ...step, seconds: seconds / 3 }, depthCost, cores.prober));
    }
    return { pinned: cores.prober !== null, watches, depths };
  } finally {
    await player.end();
  }
}

const some = (addresses: readonly string[], count: number): Pick<Desktops, "addresses"> => ({
  addresses: addresses.slice(0, count),
});

async function serving(lines: AsyncIterable<z.infer<typeof playerLine>>): Promise<Desktops> {
  for await (const line of lines) {
    if (line.kind === "serving") return { addresses: line.addresses, port: line.port };
  }
  throw new OperatingError("environment", "The player ended before it served a desktop");
}

async function inProcess<Line>(
  order: unknown,
  speaks: z.ZodType<Line>,
  core: number | null,
): Promise<Line> {
  const program = startProgram("cost/main.js", order, { speaks, core });
  for await (const line of program.lines) {
    await program.end();
    return line;
  }
  throw new OperatingError("environment", "The measured process ended without a figure");
}
