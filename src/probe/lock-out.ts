import type { Instant } from "../base/time.ts";
import { after, inSeconds, seconds, shorter, times, zero } from "../base/time.ts";
import type { SampleResult } from "../model/sample.ts";
import type { AttemptOutcome } from "./attempt.ts";

/** TigerVNC's `BlacklistTimeout`: how long it first refuses everybody after five failures. It doubles, and so do we. */
const FIRST_BACK_OFF = seconds(10);
const LONGEST_BACK_OFF = seconds(60);

/**
 * Xvnc counts each broken-off handshake of an address, and after five refuses that address, which behind websockify is
 * everybody. When it says so, or would not admit us at all, the probe leaves RFB alone for a while. Samples then tell
 * nothing of the desktop's state, unless even the layers before RFB fail: that is not our doing.
 */
export class LockOut {
  #until: Instant | null = null;
  #backOff = zero;

  /** RFB must not be started now. */
  holds(now: Instant): boolean {
    return this.#until !== null && now < this.#until;
  }

  /** Somebody else than an attempt was turned away. */
  turnedAway(now: Instant): void {
    this.#hold(now);
  }

  /** The attempt's result in the light of what came before. */
  judge(outcome: AttemptOutcome): SampleResult {
    const { result, ended, held } = outcome;
    if (outcome.refusal !== null) this.#hold(ended);
    if (outcome.refusal === "not-admitted" || this.#until === null) return result;
    if (outcome.refusal === "locked-out") {
      return selfInflicted("the desktop holds earlier broken-off handshakes against us");
    }
    if (result.kind === "unobserved") return result;
    if (held && result.kind === "good") {
      return selfInflicted(`left alone for ${inSeconds(this.#backOff)} s after it turned us away`);
    }
    if (result.kind === "bad" && mayBeGrudge(result)) {
      return selfInflicted("failed after the desktop had turned us away");
    }
    // It lets us in again, or the server that held a grudge is gone.
    this.#until = null;
    this.#backOff = zero;
    return result;
  }

  #hold(now: Instant): void {
    if (this.holds(now)) return;
    this.#backOff =
      this.#backOff === zero ? FIRST_BACK_OFF : shorter(times(this.#backOff, 2), LONGEST_BACK_OFF);
    this.#until = after(now, this.#backOff);
  }
}

/**
 * Before we were let in, behind the WebSocket or while waiting for it; but a close frame is websockify's, which found no
 * VNC server at all.
 */
const mayBeGrudge = ({ reached, failure }: Extract<SampleResult, { kind: "bad" }>): boolean =>
  failure.kind === "timed-out"
    ? failure.during === "rfb"
    : reached === "websocket" && failure.kind !== "websocket-close";

const selfInflicted = (detail: string): SampleResult => ({
  kind: "unobserved",
  why: "self-inflicted",
  detail,
});
