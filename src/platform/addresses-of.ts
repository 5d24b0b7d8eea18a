import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { setTimeout } from "node:timers/promises";

/** A resolver that is silent may take half a minute. Milliseconds of real time. */
const PATIENCE_MS = 3000;

/** All addresses of a host, by whatever this system resolves names. Empty where it cannot; never rejects. */
export async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const waiting = new AbortController();
  try {
    return await Promise.race([
      lookup(host, { all: true }).then((found) => found.map(({ address }) => address)),
      setTimeout(PATIENCE_MS, [], { signal: waiting.signal, ref: false }),
    ]);
  } catch {
    return [];
  } finally {
    waiting.abort();
  }
}
