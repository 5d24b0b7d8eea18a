import type { Span } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { earlier, later } from "../../base/time.ts";
import type { FaultProof } from "../../contracts/fault.ts";

/** This many unanswered tries in a row make a death: one or two may be lost packets. */
export const PROOF_OF_SILENCE = 3;

/** What has been seen since the fault was requested. Nothing is concluded from it but by the judges below. */
export interface Evidence {
  readonly requested: Span;
  /** Start of the last look that showed the victim, or what is struck of it, as it was: the fault came after it. */
  readonly lastLife: Instant | null;
  /** Unanswered tries since then, in a row. */
  readonly misses: number;
  /** End of the one that makes a death of them. */
  readonly silent: Instant | null;
  /** Receipt of the first "off", by the BMC or whoever switches the power. */
  readonly off: Instant | null;
  /** Receipt of the first look that showed the fault's own effect, and what it was. */
  readonly struck: { readonly seen: Instant; readonly what: string } | null;
}

export interface Witnesses {
  /** The victim's SSH port is tried. */
  readonly ssh: boolean;
  /** Somebody says whether it has power, and the fault must take that away. */
  readonly power: boolean;
  /** Who that is: `the BMC`. */
  readonly teller: string;
}

export const nothingSeen = (requested: Span): Evidence => ({
  requested,
  lastLife: null,
  misses: 0,
  silent: null,
  off: null,
  struck: null,
});

export const sawLife = (evidence: Evidence, tried: Instant): Evidence => ({
  ...evidence,
  lastLife: tried,
  misses: 0,
  silent: null,
});

/** The victim answered, which says nothing of what is struck of it. */
export const sawAnswer = (evidence: Evidence): Evidence => ({
  ...evidence,
  misses: 0,
  silent: null,
});

export function sawMiss(evidence: Evidence, ended: Instant): Evidence {
  const misses = evidence.misses + 1;
  return { ...evidence, misses, silent: misses === PROOF_OF_SILENCE ? ended : evidence.silent };
}

/** Whoever refuses is alive, be it without that service. After a silence it is the machine that boots again. */
export const sawRefusal = (evidence: Evidence, ended: Instant): Evidence =>
  evidence.misses === 0 ? evidence : sawMiss(evidence, ended);

export const sawOff = (evidence: Evidence, received: Instant): Evidence => ({
  ...evidence,
  off: evidence.off ?? received,
});

export const sawStruck = (evidence: Evidence, seen: Instant, what: string): Evidence => ({
  ...evidence,
  struck: evidence.struck ?? { seen, what },
});

/**
 * The proof that a machine is dead, or null while it does not suffice. "Off" alone suffices where nobody can ask the
 * victim; where SSH can, it must have fallen silent too, since a BMC that says "off" of a node that answers belongs to
 * another node.
 */
export function judgeDeath(evidence: Evidence, witnesses: Witnesses): FaultProof | null {
  const { silent, off } = evidence;
  const proven = witnesses.ssh
    ? silent !== null && (!witnesses.power || off !== null)
    : off !== null;
  return proven ? proofFrom(evidence, witnesses.teller) : null;
}

/** The proof that a fault has taken effect: its effect was seen, or the machine itself went, or, without SSH, its power. */
export function judgeEffect(
  evidence: Evidence,
  witnesses: { readonly ssh: boolean },
): FaultProof | null {
  const { struck, silent, off } = evidence;
  const proven = struck !== null || silent !== null || (!witnesses.ssh && off !== null);
  return proven ? proofFrom(evidence, "the BMC") : null;
}

function proofFrom(evidence: Evidence, teller: string): FaultProof {
  const { requested, lastLife, misses, silent, off, struck } = evidence;
  const earliest = lastLife === null ? requested.earliest : later(requested.earliest, lastLife);
  const ends = [off, silent, struck?.seen ?? null].filter((instant) => instant !== null);
  // An "off" of before the last sign of life is of another machine, or of another time.
  const telling = ends.filter((end) => end >= earliest);
  return {
    gone: { earliest, latest: telling.reduce((a, b) => earlier(a, b)) },
    evidence: [
      ...(struck === null ? [] : [struck.what]),
      ...(off === null ? [] : [`${teller} says that power is off`]),
      ...(misses === 0 ? [] : [`${misses} tries of its SSH port in a row were not answered`]),
    ].join("; "),
  };
}

/** For the message when no proof came. */
export function describeEvidence({ lastLife, misses, off }: Evidence, teller: string): string {
  return [
    off === null ? `${teller} never said off` : `${teller} said off`,
    lastLife === null ? "SSH never answered" : "SSH answered after the request",
    `the last ${misses} tries were not answered`,
  ].join(", ");
}
