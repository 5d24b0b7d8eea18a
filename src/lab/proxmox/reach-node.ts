import { between, inSeconds, longer, seconds } from "../../base/time.ts";
import { ApiError, BareError } from "./api-error.ts";
import type { ApiWorld } from "./api-world.ts";

/** Resolving a name that nobody knows (reply 24). */
const NAME_LOOKUP = seconds(10);
/** Three ARP requests a second apart, unanswered (reply 69). */
const NO_ROUTE = seconds(2.85);
/**
 * A neighbour known until a moment ago is given up this long after its death: two calls, sent 3.0 and 3.5 s after a
 * kill, both ended 11.7 s after it (replies 62 and 63).
 */
const NEIGHBOUR_FORGOTTEN = seconds(11.7);

/** What of the world decides whether one node gets to another. */
export interface Roads extends Pick<ApiWorld, "clock" | "closing" | "downSince" | "stoppedApis"> {
  readonly nodes: Pick<ApiWorld["nodes"], "has">;
}

/** How pveproxy of one node gets to another: at once, or with the delay and the words of reality not at all. */
export async function reachNode(world: Roads, asked: string, node: string): Promise<void> {
  if (node === asked) return;
  if (!world.nodes.has(node)) {
    await world.clock.sleep(NAME_LOOKUP, world.closing);
    const why = `failed to get address info for: ${node}: Temporary failure in name resolution`;
    throw new ApiError(500, `hostname lookup '${node}' failed - ${why}`);
  }
  const since = world.downSince(node);
  if (since !== null) {
    const away = between(since, world.clock.now());
    const rest = seconds(inSeconds(NEIGHBOUR_FORGOTTEN) - inSeconds(away));
    await world.clock.sleep(longer(NO_ROUTE, rest), world.closing);
    throw new BareError(595, "No route to host");
  }
  if (world.stoppedApis.has(node)) throw new BareError(595, "Connection refused");
}
