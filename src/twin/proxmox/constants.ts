import { milliseconds, seconds } from "../../base/time.ts";

/**
 * Every constant of the Proxmox VE twin that is not a setting of the cluster. "Rule" constants are in PVE's or
 * corosync's source, "seen" ones were measured on a real PVE 9.2 stack, "assumed" ones are neither.
 */

// --- corosync ---------------------------------------------------------------------------------------------------

/** Rule, totemconfig.c:351: consensus = 1.2 x token, so that a membership change takes 2.2 x token. */
export const CONSENSUS_FACTOR = 1.2;
/**
 * Rule, totemconfig.c: token retransmit = token / (4 retransmits + 0.2), hold = 0.8 x that - 10 ms: 685 ms at 3650 ms.
 * Seen on real rings with tokens of 1650 to 4950 ms: up to 0.97 of hold after a message, a kill finds the token as old as
 * the message, and comes to a new membership that much earlier. test/real-corosync repeats it up to 0.8.
 */
export const RETRANSMITS_BEFORE_LOSS = 4.2;
export const HOLD_SHARE_OF_RETRANSMIT = 0.8;
export const HOLD_TICK_MS = 10;
/** Seen (clean stop, 0.05 s) and assumed alike for a join: nobody is missing, so no timer has to expire. */
export const JOIN = milliseconds(100);
/** Seen: a clean corosync stop changes the membership after 0.05 s. */
export const LEAVE = milliseconds(50);
/** Rule, pmxcfs loop.c: pmxcfs tries to reach a corosync that it has lost when its last try is more than 5 s ago, looked at once a second. */
export const PMXCFS_RETRY = seconds(6);

// --- pmxcfs locks -----------------------------------------------------------------------------------------------

/** Rule, memdb.c:42, 346: compared with `>` on whole seconds, so that a lock lives 121 s. */
export const LOCK_LIFETIME_SECONDS = 120;
/** Rule, PVE2.pm: a process renews by utime what it held less than this ago, and takes by mkdir what it did not. */
export const LOCK_RENEWABLE_SECONDS = 100;
/** Seen: the judge deletes an expired lock 2 to 4 ms after it was asked to. */
export const UNLOCK_SHORTEST = milliseconds(2);
export const UNLOCK_SPREAD_MS = 2;
/** Rule, CRM.pm:428, LRM.pm:226: six tries a second apart. */
export const PROTECTED_LOCK_TRIES = 6;

// --- loops ------------------------------------------------------------------------------------------------------

/** Rule: CRM master and active LRM sleep in steps of 1 s until 10 whole seconds have passed. */
export const ROUND_SECONDS = 10;
/** Rule, CRM.pm:353, LRM.pm:457: neither quorum nor work, so look again. */
export const IDLE_SLEEP = seconds(5);
/** A sleep of 1 s as it comes out. Its excess and the costs below are chosen once, as parts of the seen round lengths. */
export const ONE_SECOND_SLEEP = milliseconds(1000.2);
/** CRM master round: 10 x 0.2 + 5 + 9 + 6 = 22 ms over 10 s, as seen. */
export const CRM_LOCK_COST = milliseconds(5);
export const CRM_PASS_COST = milliseconds(9);
export const CRM_FLUSH_COST = milliseconds(6);
/** Active LRM round: 10 x 0.2 + 8 + 24 + 4 = 38 ms over 10 s, as seen. */
export const LRM_LOCK_COST = milliseconds(8);
export const LRM_WORK_COST = milliseconds(24);
export const LRM_STATUS_COST = milliseconds(4);
/** Idle LRM: 5.0075 s, as seen. */
export const LRM_IDLE_COST = milliseconds(7.5);
/** Rule, LRM.pm:603: an LRM in maintenance sleeps until 5 whole seconds have passed. */
export const LRM_MAINTENANCE_SECONDS = 5;
/** Rule, LRM.pm: one asked to restart, whose lock is lost while services run, gives up after this long. */
export const LRM_GIVES_UP_SECONDS = 90;
/** Rule, CRM.pm:94: a slave asked to end does so when its six tries for the lock are over. */
export const CRM_SLAVE_ENDS = seconds(5);
/** Rule, LRM.pm:25: an LRM gives its lock and watchdog back after this many rounds without services. */
export const LRM_EMPTY_ROUNDS = 60;
/** Rule, CRM.pm:29: the same for the CRM master. */
export const CRM_EMPTY_ROUNDS = 90;
/** Rule, LRM.pm:533: an LRM waits for its workers for this long in a round. */
export const LRM_WORKER_SECONDS = 8;
/** Rule, PVE2.pm:510: `max_workers` of datacenter.cfg, by default. */
export const LRM_WORKERS = 4;
/** Rule, HA/Tools.pm: the exit code of a worker whose service's configuration lies on another node. */
export const WRONG_NODE = 2;
/** Assumed: how long a worker takes that finds nothing to do. */
export const LRM_CHECK = milliseconds(200);
/** Assumed: a booted node's CRM and LRM make their first round between these times after its corosync joined. */
export const DAEMON_START_MS = { from: 1000, to: 3000 };

// --- fencing ----------------------------------------------------------------------------------------------------

/** Rule, NodeStatus.pm:8. */
export const FENCE_DELAY_SECONDS = 60;
/** Rule, watchdog-mux.c:50: a client is expired when its last update is more than this old, looked at once a second. */
export const WATCHDOG_CLIENT_SECONDS = 60;
/** Rule, watchdog-mux.c:51: it warns of a client this old. */
export const WATCHDOG_WARNING_SECONDS = 50;
export const WATCHDOG_LOOK = seconds(1);
/** Rule, watchdog-mux.c:54: the device resets the node this long after the last time it was fed. */
export const WATCHDOG_DEVICE = seconds(10);

// --- tasks ------------------------------------------------------------------------------------------------------

/** Assumed: a guest asked to shut down by its LRM has gone after this long (PVE allows it 60 s). */
export const GUEST_SHUTDOWN_MS = 3000;
/** Assumed: from the last PVE service's end to power off or restart: other units, file systems, kernel. */
export const SHUTDOWN_REST = seconds(2);
/** Seen: tasks `hastart`, `hastop`, `qmstop`, `qmcreate`, `qmdestroy` end within about a second. */
export const SHORT_TASK_MS = 1000;
/** Assumed: how many ended tasks the cluster remembers. */
export const TASKS_REMEMBERED = 500;
/** The first VMID of the templates. */
export const FIRST_TEMPLATE = 9000;
