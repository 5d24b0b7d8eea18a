import { OperatingError } from "../../base/errors.ts";
import type { ClusterLock } from "../../contracts/cluster-lock.ts";
import { isSameHolder } from "../../model/lock.ts";
import type { HeldLease } from "./lock-lease.ts";
import { leaseFor, readHeldLease } from "./lock-lease.ts";
import { LOCK_NAME } from "./naming.ts";
import type { Session } from "./session.ts";
import { getIfThere, hasStatus } from "./session.ts";

/** Only its holder changes a Lease, and says what it has seen: who meets a conflict so often meets something else. */
const MOST_TRIES = 5;
const CONFLICT = 409;
const NOT_FOUND = 404;

/**
 * A Lease. The API server makes only one of a name, and changes or deletes it only in the state that the write names (its
 * UID and resourceVersion). So a write whose answer was lost may be sent again, and one that arrives late, when another
 * has the lock, changes nothing. Without the UID a late PUT would make a Lease anew.
 */
export function createLock(session: Session): ClusterLock {
  const { connection, cluster } = session;
  const namespace = cluster.lock_namespace;
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const path = `${leases}/${LOCK_NAME}`;
  const title = `Lease ${namespace}/${LOCK_NAME}`;
  const where = `${title} of ${cluster.name}`;

  const held = async (signal: AbortSignal): Promise<HeldLease | null> => {
    const there = await getIfThere(session, path, signal);
    return there === null ? null : readHeldLease(there.data, where);
  };

  return {
    title,
    read: async (signal) => (await held(signal))?.note ?? null,
    take: async (note, signal) => {
      const body = leaseFor(namespace, note, null);
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        try {
          await connection.request({ method: "POST", path: leases, body }, signal);
          return null;
        } catch (error) {
          if (hasStatus(error, NOT_FOUND)) throw noNamespace(where, error);
          if (!hasStatus(error, CONFLICT)) throw error;
        }
        // Null: it was given back in between.
        const other = await held(signal);
        if (other !== null) return isSameHolder(other.note, note) ? null : other.note;
      }
      throw contended("take", where);
    },
    write: async (note, signal) => {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const ours = await held(signal);
        if (ours?.note.run !== note.run) throw notOurs(where, note.run, ours);
        const body = leaseFor(namespace, note, ours);
        try {
          await connection.request({ method: "PUT", path, body }, signal);
          return;
        } catch (error) {
          if (!hasStatus(error, CONFLICT) && !hasStatus(error, NOT_FOUND)) throw error;
        }
      }
      throw contended("write", where);
    },
    release: async (run, signal) => {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const ours = await held(signal);
        if (ours?.note.run !== run) return;
        const { uid, resourceVersion } = ours;
        const body = JSON.stringify({
          apiVersion: "v1",
          kind: "DeleteOptions",
          preconditions: { uid, resourceVersion },
        });
        try {
          await connection.request({ method: "DELETE", path, body }, signal);
          return;
        } catch (error) {
          if (hasStatus(error, NOT_FOUND)) return;
          if (!hasStatus(error, CONFLICT)) throw error;
        }
      }
      throw contended("give back", where);
    },
  };
}

const notOurs = (where: string, run: string, found: HeldLease | null): OperatingError =>
  new OperatingError(
    "unsafe",
    `Cannot write on ${where} as run ${run} does not have it: ${found === null ? "nobody has" : `run ${found.note.run} of ${found.note.owner} has`}`,
  );

const contended = (act: string, where: string): OperatingError =>
  new OperatingError(
    "rejected",
    `Cannot ${act} ${where} as something else changes it all the time: ${MOST_TRIES} tries met another state than the one just read`,
  );

const noNamespace = (where: string, cause: unknown): OperatingError =>
  new OperatingError(
    "configuration",
    `Cannot take ${where} as its namespace is not there: make it, or set lock_namespace in the inventory`,
    { cause },
  );
