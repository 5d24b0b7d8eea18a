import { z } from "zod";
import { parse } from "../shared/parse.ts";
import { metadata, text } from "./schema-parts.ts";

export interface LeaseFacts {
  readonly name: string;
  /** As written, with microseconds. */
  readonly renewTime: string | null;
  readonly durationSeconds: number | null;
}

const lease = z.looseObject({
  metadata,
  spec: z.looseObject({ renewTime: text, leaseDurationSeconds: z.number().nullish() }).prefault({}),
});

export function readLease(object: unknown): LeaseFacts {
  const { metadata: about, spec } = parse(lease, object, "a Lease");
  return {
    name: about.name,
    renewTime: spec.renewTime,
    durationSeconds: spec.leaseDurationSeconds ?? null,
  };
}
