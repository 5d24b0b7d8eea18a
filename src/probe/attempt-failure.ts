import type { Failure } from "../model/sample.ts";

/**
 * How the server turned us away, where it matters for our manners: it holds our earlier failures against us, or it did
 * not let us finish authentication, so that each further try would count as one.
 */
export type Refusal = "locked-out" | "not-admitted";

/** Thrown by a layer, caught by the attempt: what the desktop did wrong. */
export class AttemptFailure extends Error {
  readonly failure: Failure;
  readonly refusal: Refusal | null;

  constructor(failure: Failure, refusal: Refusal | null = null) {
    super(failure.kind);
    this.name = "AttemptFailure";
    this.failure = failure;
    this.refusal = refusal;
  }
}

/** The connection ended without a word. Which layer that hit is known to the attempt. */
export class PeerClosed extends Error {
  constructor() {
    super("the other side closed the connection");
    this.name = "PeerClosed";
  }
}

/** The other side does not speak the layer's protocol. */
export class Nonsense extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = "Nonsense";
  }
}

/** There was nobody to try, which says nothing of anybody. */
export class NobodyToTry extends Error {
  constructor(cause: unknown) {
    super("there was nobody to try", { cause });
    this.name = "NobodyToTry";
  }
}

/** The attempt went no further, for the sake of others who want to use the desktop. */
export class HeldBack extends Error {
  constructor(why: string) {
    super(why);
    this.name = "HeldBack";
  }
}

/** The server's certificate is not what it should be. */
export class Untrusted extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = "Untrusted";
  }
}
