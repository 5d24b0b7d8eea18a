/**
 * What went wrong in the world, as against a bug in this program (an `AssertionError`).
 * The code tells the program what to do about it, the message tells the person.
 */
export type ErrorCode =
  /** The user's files or arguments are wrong: exit 2. */
  | "configuration"
  /** A guard said no: exit 4. */
  | "unsafe"
  /** The other side could not be reached: refused, no route, name unknown. */
  | "unreachable"
  /** The other side did not answer in time. */
  | "timed-out"
  /** The other side said no: wrong credentials or missing rights. */
  | "denied"
  /** The other side is not who it should be: certificate, host key, cluster identity. */
  | "untrusted"
  /** The other side answered with an error of its own. */
  | "rejected"
  /** The other side answered with something that makes no sense. */
  | "protocol"
  /** A state that was waited for did not come in time. */
  | "not-reached"
  /** The disk, the operating system. */
  | "environment";

export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** Far more than anybody reads; what a hostile peer said may be in it, and goes into journals. */
const LONGEST_MESSAGE = 20_000;

/** *Cannot <do> as <why>*; `facts` hold what was seen, `cause` what was caught. */
export class OperatingError extends Error {
  readonly code: ErrorCode;
  readonly facts: Facts;

  constructor(code: ErrorCode, message: string, details: { facts?: Facts; cause?: unknown } = {}) {
    super(
      message.slice(0, LONGEST_MESSAGE),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = "OperatingError";
    this.code = code;
    this.facts = details.facts ?? {};
  }
}

/** What fetch says of every failure; its cause says why. */
const NOTHING_SAID = "fetch failed";

/** Whatever was thrown, in one line for people: the message and the chain of its causes, none twice. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < 6 && current !== undefined && current !== null; depth++) {
    const text = messageOf(current);
    if (text !== "" && text !== NOTHING_SAID && !parts.some((part) => part.includes(text)))
      parts.push(text);
    current = current instanceof Error ? current.cause : undefined;
  }
  return parts.join(": ");
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") {
    return error.errors.map((each) => messageOf(each)).join("; ");
  }
  if (error instanceof Error) return error.message;
  return typeof error === "string" ? error : JSON.stringify(error);
}
