import { hostname, userInfo } from "node:os";
import { processPlace } from "../platform/own-process.ts";

/** Who runs this, for whoever finds a cluster locked: `ada@bench, process 4711 (boot 5f0c..., pid namespace 4026531836)`. */
export function ownerHere(): string {
  const who = `${userName()}@${hostname()}, process ${process.pid}`;
  const place = placeHere();
  return place === null ? who : `${who} (${place})`;
}

/**
 * Whether the process of an owner is gone; null: nothing is known here. A host name alone says nothing, as machines and
 * containers share them, nor does a process id of another boot or namespace.
 */
export function isOwnerGone(owner: string): boolean | null {
  const [, host, pid, place] = /@([^@]+), process (\d+) \((.+)\)$/u.exec(owner) ?? [];
  if (host !== hostname() || pid === undefined || place !== placeHere()) return null;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // EPERM: another user's is there.
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

function placeHere(): string | null {
  const place = processPlace();
  return place === null ? null : `boot ${place.boot}, pid namespace ${place.namespace}`;
}

/** A process may have a user id without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "somebody";
  }
}
