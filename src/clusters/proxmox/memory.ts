import type { Span } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import type { ClocksRead } from "../../model/clock-offset.ts";
import { LateRequests } from "../shared/late-requests.ts";
import type { FencedNodes } from "./fenced-nodes.ts";
import { InstanceNames } from "./instance-names.ts";
import type { Look } from "./look.ts";
import type { Renewals } from "./renewals.ts";
import type { Totem } from "./survey/settings.ts";

/** What one driver keeps from trial to trial: one driver serves a whole run on its cluster. */
export interface Memory {
  /** VMs of this run, which are no other people's workloads. */
  readonly own: Set<number>;
  readonly late: LateRequests;
  readonly instances: InstanceNames;
  /** The newest look of the observer; null when none is running. */
  latestLook: Look | null;
  /** When each status file was last seen to change, while the observer runs. */
  renewals: Renewals;
  /** Nodes that were seen to come back since they were to be avoided. */
  readonly returned: Set<string>;
  /** The last fencing acknowledgement that was seen. */
  fenced: Span | null;
  /** Nodes that were seen fenced and not active since, with the stamp of their LRM's last status then. */
  fencedNodes: FencedNodes;
  /** Since when this process has been watching the cluster without a pause; null while it does not. */
  watchedSince: Instant | null;
  /** Earlier times in which it did: a fencing in them was seen. */
  readonly watched: Span[];
  /** When the node with the lowest nodeid was last seen to come back: it judges the locks, with fresh timers. */
  judgeReturned: Span | null;
  /** The clocks of the cluster as they were asked last. */
  clocks: ClocksRead | null;
  /** corosync's timers; null: the cluster has not told them. */
  totem: Totem | null;
}

export const newMemory = (): Memory => ({
  own: new Set(),
  late: new LateRequests(),
  instances: new InstanceNames(),
  latestLook: null,
  renewals: new Map(),
  returned: new Set(),
  fenced: null,
  fencedNodes: new Map(),
  watchedSince: null,
  watched: [],
  judgeReturned: null,
  clocks: null,
  totem: null,
});
