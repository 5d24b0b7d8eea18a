import { DateTime } from "luxon";
import { z } from "zod";
import { OperatingError } from "../../base/errors.ts";
import { strings, text } from "../../clients/kubernetes/schema-parts.ts";
import { parse } from "../../clients/shared/parse.ts";
import type { LockNote } from "../../model/lock.ts";
import { readNote, writeNote } from "../shared/lock-note.ts";
import { LOCK_NAME, LOCK_NOTE } from "./naming.ts";

/** What names one state of one Lease: a write that says it can hit no later state, and no Lease made anew. */
export interface Place {
  readonly uid: string;
  readonly resourceVersion: string;
}

export interface HeldLease extends Place {
  readonly note: LockNote;
}

const lease = z.looseObject({
  metadata: z.looseObject({ uid: z.string(), resourceVersion: z.string(), annotations: strings }),
  spec: z.looseObject({ holderIdentity: text }).prefault({}),
});

/**
 * Who has the lock. Throws `unsafe` for a Lease that is not ours, or no longer: programs that elect a leader by a Lease of
 * this name keep its annotations, but not its holder.
 */
export function readHeldLease(object: unknown, where: string): HeldLease {
  const { metadata, spec } = parse(lease, object, where);
  const { uid, resourceVersion, annotations } = metadata;
  const told = annotations[LOCK_NOTE];
  if (told === undefined) throw foreign(where, `it has no annotation ${LOCK_NOTE}`);
  const note = readNote(told, where);
  if (spec.holderIdentity === note.run) return { uid, resourceVersion, note };
  throw foreign(
    where,
    `its holderIdentity is ${spec.holderIdentity ?? "not set"}, and its note is of run ${note.run}`,
  );
}

const foreign = (where: string, why: string): OperatingError =>
  new OperatingError(
    "unsafe",
    `Cannot use ${where} as a lock as something else has that name: ${why}. Name another lock_namespace in the inventory, or delete it once nothing needs it`,
  );

/** As JSON. `place` is null for one that is to be made. */
export const leaseFor = (namespace: string, note: LockNote, place: Place | null): string =>
  JSON.stringify({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: LOCK_NAME,
      namespace,
      annotations: { [LOCK_NOTE]: writeNote(note) },
      ...(place !== null && { uid: place.uid, resourceVersion: place.resourceVersion }),
    },
    spec: {
      holderIdentity: note.run,
      leaseDurationSeconds: Math.ceil(note.ttl_ms / 1000),
      acquireTime: microTime(note.taken),
      renewTime: microTime(note.renewed),
    },
  });

/** The API takes six digits after the point, not more and not fewer (MicroTime). */
const microTime = (stamp: string): string =>
  DateTime.fromISO(stamp).toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'000Z'");
