import type { Truth } from "../play/truth-book.ts";
import { edgesOfTruth } from "../play/truth-book.ts";
import type { PeerError } from "../report/results.ts";
import { downTime } from "./down-time.ts";
import type { PollersLine } from "./lines.ts";
import { readings } from "./methods.ts";

const NS_PER_MS = 1e6;

/** What each method and reading reported of each outage, and how long that really was. */
export function peerErrors(
  truths: readonly Truth[],
  seen: readonly PollersLine[],
): readonly PeerError[] {
  const byId = new Map(truths.map((truth) => [truth.id, truth]));
  return seen.flatMap(({ id, method, polls }) => {
    const truth = byId.get(id);
    if (truth === undefined) return [];
    return readings.map((reading) => ({
      id,
      kind: truth.kind,
      ...method,
      reading,
      truth_ms: lengthOf(truth),
      reported_ms: downTime(polls, method, reading),
    }));
  });
}

/** From the middle of one act to the middle of the other: they are short beside a poll. */
function lengthOf(truth: Truth): number {
  const { down, up } = edgesOfTruth(truth);
  return (up[0] + up[1] - down[0] - down[1]) / 2 / NS_PER_MS;
}
