import type { Server, Socket } from "node:net";
import { assert } from "../../base/assert.ts";

/** What libuv's TCP handle offers beyond the public API; the same in every Node since 0.12. */
interface RawHandle {
  readonly fd: number;
  listen(backlog: number): number;
}

/** The file descriptor of a listening or connected socket; null when it is closed already. */
export function descriptorOf(owner: Server | Socket): number | null {
  const handle = rawHandle(owner);
  return handle === null || handle.fd < 0 ? null : handle.fd;
}

/**
 * Lets at most two more connections complete on a listening socket that nobody accepts from: `listen(2)` may be called
 * again to change the backlog, and Linux admits one more than it says.
 */
export function shrinkBacklog(server: Server): void {
  const error = rawHandle(server)?.listen(1) ?? 0;
  assert(error === 0, `listen(2) on a listening socket failed with ${error}`);
}

/** How many connections complete on a socket that was shrunk. */
export const SHRUNKEN_QUEUE = 2;

function rawHandle(owner: Server | Socket): RawHandle | null {
  const handle: unknown = Reflect.get(owner, "_handle");
  return isRawHandle(handle) ? handle : null;
}

function isRawHandle(handle: unknown): handle is RawHandle {
  return (
    typeof handle === "object" &&
    handle !== null &&
    typeof Reflect.get(handle, "fd") === "number" &&
    typeof Reflect.get(handle, "listen") === "function"
  );
}
