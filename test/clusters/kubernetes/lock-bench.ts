import { DateTime } from "luxon";
import { KubernetesConnection } from "../../../src/clients/kubernetes/connection.ts";
import type { Call, Wire } from "../../../src/clients/kubernetes/wire.ts";
import { tlsWire } from "../../../src/clients/kubernetes/wire.ts";
import { createLock } from "../../../src/clusters/kubernetes/lock.ts";
import { hasStatus, newMemory } from "../../../src/clusters/kubernetes/session.ts";
import type { ClusterLock } from "../../../src/contracts/cluster-lock.ts";
import type { Clock } from "../../../src/contracts/clock.ts";
import type { Secrets } from "../../../src/contracts/secrets.ts";
import type { KubernetesCluster } from "../../../src/model/inventory.ts";
import type { LockNote } from "../../../src/model/lock.ts";

export const NEVER = new AbortController().signal;
export const LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
export const LEASE = `${LEASES}/blackout`;

export const noteOf = (run: string, change: Partial<LockNote> = {}): LockNote => ({
  format: 1,
  run,
  owner: "ada@bench, process 4711",
  taken: "2026-01-01T00:00:00.000Z",
  renewed: "2026-01-01T00:00:30.000+01:00",
  expires: "2026-01-01T00:02:30.000Z",
  ttl_ms: 120_000,
  owed: [],
  ...change,
});

export const renewed = (note: LockNote, seconds: number): LockNote => ({
  ...note,
  renewed: DateTime.fromISO(note.taken).toUTC().plus({ seconds }).toISO() ?? "",
});

/** What happens to a call on its way, before and after the server has done it. Thrown: the answer is lost. */
export interface Mishap {
  readonly before?: (call: Call) => Promise<void>;
  readonly after?: (call: Call) => Promise<void>;
}

export interface Taker {
  readonly lock: ClusterLock;
  /** `PUT cp1`: what was sent to which server. */
  readonly sent: readonly string[];
  /** One call past the lock, as anybody's. */
  readonly call: (method: Call["method"], path: string, body?: unknown) => Promise<unknown>;
  /** Sees to it that it is there, whether or not the first answer came in time. */
  readonly make: (path: string, body: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A cluster, played or real. */
export interface Place {
  readonly cluster: KubernetesCluster;
  readonly clock: Clock;
  readonly secrets: Secrets;
}

/** One who uses the lock of a cluster over connections of its own, on which things may go wrong. */
export function taker({ cluster, clock, secrets }: Place, mishap: Mishap = {}): Taker {
  const whole = tlsWire(cluster.api, clock, secrets);
  const sent: string[] = [];
  const wire: Wire = {
    ...whole,
    fetch: async (server, call, signal) => {
      sent.push(`${call.method} ${server.node ?? ""}`);
      await mishap.before?.(call);
      const response = await whole.fetch(server, call, signal);
      await mishap.after?.(call);
      return response;
    },
  };
  const connection = new KubernetesConnection(cluster.api, clock, secrets, wire);
  const call: Taker["call"] = async (method, path, body) => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await connection.request({ method, path, ...text }, NEVER)).data;
  };
  return {
    lock: createLock({ cluster, clock, connection, memory: newMemory() }),
    sent,
    call,
    make: async (path, body) => {
      await call("POST", path, body).catch((error: unknown) => {
        if (!hasStatus(error, 409)) throw error;
      });
    },
    close: async () => await connection.close(),
  };
}

/** Loses the answer to the first `count` calls of one method, after the server has done what they ask. */
export function losing(method: Call["method"], count: number): Mishap {
  let left = count;
  return {
    after: async (call) => {
      if (call.method === method && left-- > 0) throw new TypeError("fetch failed");
      await Promise.resolve();
    },
  };
}

/** Does something once, just before the first call of one method gets to the server. */
export function meddling(method: Call["method"], act: () => Promise<unknown>): Mishap {
  let done = false;
  return {
    before: async (call) => {
      if (call.method !== method || done) return;
      done = true;
      await act();
    },
  };
}
