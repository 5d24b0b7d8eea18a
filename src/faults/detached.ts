import { milliseconds } from "../base/time.ts";

/** Between the request and what it does: the victim can still answer that it was accepted. */
export const DETACHED_PAUSE = milliseconds(50);

/** The command outlives its session, and begins after the pause. */
export const detached = (command: string): string =>
  `setsid sh -c 'sleep 0.05; ${command}' >/dev/null 2>&1 </dev/null &`;
