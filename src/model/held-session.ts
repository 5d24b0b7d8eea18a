import type { SpanMs } from "../base/interval.ts";

/** How a session ended that was held until it broke. */
export type SessionEnd =
  /** RST: whoever has the address now does not know it. */
  | "reset"
  /** An orderly end: FIN, or a close frame. */
  | "closed"
  /** TCP has given up: nobody acknowledged what we sent. */
  | "timed-out"
  /** What came makes no sense. */
  | "nonsense"
  /** It never broke: we left it. */
  | "left-open";

/** What happens to one session that somebody might have had open since before the kill, and never reloads. */
export type SessionFact =
  | {
      readonly kind: "session-held";
      /** When its first picture was asked for. */
      readonly asked_ms: number;
      /** Who answers: the RFB desktop name, or a console's API's word. */
      readonly instance: string;
      /** Distance of the requests for a piece of the picture. */
      readonly every_ms: number;
    }
  | { readonly kind: "session-not-held"; readonly detail: string }
  /**
   * A request is not answered. The picture stands still since some moment between the request that was answered last and
   * a round trip after the one that was not.
   */
  | { readonly kind: "session-frozen"; readonly since_ms: SpanMs }
  /** The answer came after all. */
  | { readonly kind: "session-thawed"; readonly at_ms: number }
  | {
      readonly kind: "session-ended";
      readonly at_ms: number;
      readonly how: SessionEnd;
      readonly detail: string;
      /** Since when the picture had stood still then; null: it had not. */
      readonly since_ms: SpanMs | null;
    };
