import { describeError } from "../../base/errors.ts";
import type { SessionEnd } from "../../model/held-session.ts";
import { brief, failureOf } from "../failure-of.ts";

interface Breakage {
  readonly how: SessionEnd;
  readonly detail: string;
}

/** How an open session broke, by what its reader was told. */
export function breakageOf(error: unknown): Breakage {
  const failure = failureOf(error, "frame");
  if (failure?.kind === "reset") return { how: "reset", detail: "" };
  if (failure?.kind === "closed") return { how: "closed", detail: "" };
  if (failure?.kind === "websocket-close") {
    return { how: "closed", detail: `${failure.code} ${failure.reason}`.trim() };
  }
  const isGivenUp = failure?.kind === "timed-out" || failure?.kind === "unreachable";
  return { how: isGivenUp ? "timed-out" : "nonsense", detail: brief(describeError(error)) };
}
