import { z } from "zod";
import { outageKinds } from "./outage.ts";

const id = z.string();
const span_ns = z.tuple([z.number(), z.number()]).readonly();

/** What the player tells whoever started it, one line of JSON each. */
export const playerLine = z.discriminatedUnion("kind", [
  /** A desktop is up and can be watched. */
  z.object({
    kind: z.literal("opened"),
    id,
    outage: z.enum(outageKinds),
    address: z.string(),
    /** Where somebody is who is never down, on the same port. */
    control: z.string(),
    port: z.int(),
    period_ms: z.number(),
  }),
  /** No picture came for a moment, long before it goes down. */
  z.object({ kind: z.literal("hiccup"), id, span_ns }),
  /** The truth: between these two readings of the machine's clock it went down. */
  z.object({ kind: z.literal("down"), id, as: z.string(), span_ns }),
  z.object({ kind: z.literal("up"), id, span_ns }),
  /** No attempt that starts later is needed. */
  z.object({ kind: z.literal("watched"), id }),
  z.object({ kind: z.literal("closed"), id }),
  /** Desktops that stay up for as long as the player lives. */
  z.object({ kind: z.literal("serving"), addresses: z.array(z.string()), port: z.int() }),
  z.object({ kind: z.literal("finished") }),
]);

export type PlayerLine = z.infer<typeof playerLine>;

/** What the player is to do; its one argument, as JSON. */
export const playerOrder = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("play"),
    seed: z.int(),
    parts: z.array(
      z.object({
        period_ms: z.number(),
        outages: z.int(),
        at_once: z.int(),
        longest_ms: z.number(),
      }),
    ),
  }),
  z.object({ kind: z.literal("serve"), desktops: z.int() }),
]);

export type PlayerOrder = z.infer<typeof playerOrder>;
