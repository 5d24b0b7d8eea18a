import type { Span } from "../base/interval.ts";
import type { Instant } from "../base/time.ts";
import { earlier, later } from "../base/time.ts";
import type { FaultProof } from "../contracts/fault.ts";

/** This many unanswered tries in a row make a death: one or two may be lost packets. */
export const PROOF_OF_SILENCE = 3;

/** What has been seen since the fault was requested. Nothing is concluded from it but by `judgeDeath`. */
export interface Evidence {
  readonly requested: Span;
  /** Start of the last try over SSH that was answered: the victim lived after it. */
  readonly lastLife: Instant | null;
  /** End of the first of the unanswered tries since then. */
  readonly firstMiss: Instant | null;
  /** How many in a row. */
  readonly misses: number;
  /** Receipt of the first "off" of the BMC. */
  readonly off: Instant | null;
}

export interface Witnesses {
  /** The victim's SSH port is tried. */
  readonly ssh: boolean;
  /** A BMC says whether it has power, and the fault must take that away. */
  readonly power: boolean;
}

export const nothingSeen = (requested: Span): Evidence => ({
  requested,
  lastLife: null,
  firstMiss: null,
  misses: 0,
  off: null,
});

export const sawLife = (evidence: Evidence, tried: Instant): Evidence => ({
  ...evidence,
  lastLife: tried,
  firstMiss: null,
  misses: 0,
});

export const sawMiss = (evidence: Evidence, ended: Instant): Evidence => ({
  ...evidence,
  firstMiss: evidence.firstMiss ?? ended,
  misses: evidence.misses + 1,
});

export const sawOff = (evidence: Evidence, received: Instant): Evidence => ({
  ...evidence,
  off: evidence.off ?? received,
});

/**
 * The proof, or null while it does not suffice. "Off" alone suffices where nobody can ask the victim; where SSH can,
 * it must have fallen silent too, since a BMC that says "off" of a node that answers belongs to another node.
 */
export function judgeDeath(evidence: Evidence, witnesses: Witnesses): FaultProof | null {
  const { requested, lastLife, firstMiss, misses, off } = evidence;
  const silent = misses >= PROOF_OF_SILENCE;
  const proven = witnesses.ssh ? silent && (!witnesses.power || off !== null) : off !== null;
  if (!proven) return null;
  const earliest = lastLife === null ? requested.earliest : later(requested.earliest, lastLife);
  const ends = [off, firstMiss].filter((instant) => instant !== null);
  const first = ends.reduce((a, b) => earlier(a, b));
  return {
    // A stale "off" cannot have come before the last sign of life.
    gone: { earliest, latest: later(earliest, first) },
    evidence: [
      ...(off === null ? [] : ["the BMC says that power is off"]),
      ...(misses === 0 ? [] : [`${misses} tries of its SSH port in a row were not answered`]),
    ].join("; "),
  };
}

/** For the message when no proof came. */
export function describeEvidence({ lastLife, misses, off }: Evidence): string {
  return [
    off === null ? "the BMC never said off" : "the BMC said off",
    lastLife === null ? "SSH never answered" : "SSH answered after the request",
    `the last ${misses} tries were not answered`,
  ].join(", ");
}
