import { setMaxListeners } from "node:events";

/** More than an observation, or the guards of a trial, have under way at once; a leak would soon pass it. */
const MOST = 64;

/** Lets a signal end many waits at once. Node takes more than ten listeners for a leak, and says so to the user. */
export function forManyWaits(signal: AbortSignal): AbortSignal {
  setMaxListeners(MOST, signal);
  return signal;
}
