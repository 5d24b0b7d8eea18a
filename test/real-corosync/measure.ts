import { rangeBetween, exactly } from "../../src/base/interval.ts";
import type { DurationRange } from "../../src/base/interval.ts";
import { inSeconds, seconds } from "../../src/base/time.ts";
import type { Node, RealRing, Timers } from "./real-ring.ts";
import { NODES } from "./real-ring.ts";

/** Seconds: the truth lies between the two. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface Cut {
  readonly victim: Node;
  /** From the death of all the node's processes to the membership of the others. */
  readonly change: Range;
  /** How long before that death the last message went round. */
  readonly age: Range;
}

/** All that one ring yields. */
export interface Measured {
  readonly timers: Timers;
  readonly cuts: readonly Cut[];
  readonly stops: { readonly systemd: Range; readonly signal: Range };
}

/** Kills a node `silence` seconds after a message went round the ring, and lets it join again. */
export async function cutPower(ring: RealRing, victim: Node, silence: number): Promise<Cut> {
  const message = await ring.command("message", victim === 1 ? 2 : 1);
  await ring.pause(seconds(silence));
  const cut = await ring.command("cut", victim);
  const changed = await ring.membership(others(victim), cut.earliest);
  await ring.join([victim]);
  return {
    victim,
    change: inRange(rangeBetween(cut, changed)),
    age: inRange(rangeBetween(message, cut)),
  };
}

/** From the command that stops a node cleanly to the membership of the others. */
export async function stop(ring: RealRing, how: "leave" | "term", node: Node): Promise<Range> {
  // systemd's command answers only when corosync has gone, so the stop is known to begin when it is sent.
  const { earliest } = await ring.command(how, node);
  const changed = await ring.membership(others(node), earliest);
  await ring.join([node]);
  return inRange(rangeBetween(exactly(earliest), changed));
}

const others = (node: Node): readonly Node[] => NODES.filter((each) => each !== node);

const inRange = ({ low, high }: DurationRange): Range => ({
  low: Math.max(0, inSeconds(low)),
  high: inSeconds(high),
});
