import { z } from "zod";
import type { Moment } from "../../model/experiment.ts";
import { parseDuration } from "../schema/parse-duration.ts";
import { parsed, strict } from "../schema/fields.ts";

/**
 * LRMs renew their locks every 10 s, and so do kubelets their leases by default: none gets older (facts/proxmox-ve.md 1.1,
 * kubernetes.md 1). How often the victim's is renewed is known only to a trial.
 */
const OLDEST_MS = 10_000;

/** When the fault strikes, by the cluster's own cycles. */
export const moment = () =>
  z
    .union([
      z.enum(["random"]).transform((kind): Moment => ({ kind })),
      strict({
        lock_age: sweep("agent lock (Proxmox VE)").optional(),
        lease_age: sweep("Lease (Kubernetes)").optional(),
      }).transform(({ lock_age, lease_age }, context): Moment => {
        if (lock_age !== undefined && lease_age === undefined) {
          return { kind: "sweep", of: "lock-age", ...lock_age };
        }
        if (lease_age !== undefined && lock_age === undefined) {
          return { kind: "sweep", of: "lease-age", ...lease_age };
        }
        const message = "must have one of lock_age (Proxmox VE) and lease_age (Kubernetes)";
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      }),
    ])
    .prefault("random")
    .describe(
      "At which moment of the cluster's own cycle the fault strikes: at a random one, or at ages of the victim's lock or lease that the trials share among them.",
    );

const sweep = (of: string) =>
  parsed(parseSweep, {
    description: `Ages of the victim's ${of} that the arm's trials cover: "sweep 0s..10s".`,
    pattern: "^sweep .+\\.\\..+$",
    examples: ["sweep 0s..10s"],
  });

type Range = { readonly from_ms: number; readonly to_ms: number };

function parseSweep(text: string): { readonly value: Range } | { readonly problem: string } {
  const [, first, last] = /^sweep\s+(\S+?)\s*\.\.\s*(\S+)$/u.exec(text) ?? [];
  if (first === undefined || last === undefined) {
    return { problem: "must be a range of ages: sweep 0s..10s" };
  }
  const [from, to] = [parseDuration(first), parseDuration(last, { max: OLDEST_MS })];
  if ("problem" in from) return from;
  if ("problem" in to) return to;
  if (from.value >= to.value) return { problem: `must grow, is ${first}..${last}` };
  return { value: { from_ms: from.value, to_ms: to.value } };
}
