import { z } from "zod";
import { layers } from "../../src/model/experiment.ts";

const desktops = { addresses: z.array(z.string()), port: z.int() };

/** What the measured process is to do; its one argument, as JSON. */
export const costOrder = z.discriminatedUnion("kind", [
  /** Watches all of them on a grid, as the tool does. */
  z.object({
    kind: z.literal("watch"),
    ...desktops,
    period_ms: z.number(),
    warmup_s: z.number(),
    seconds: z.number(),
  }),
  /** Attempt after attempt, some at once, with no pause. */
  z.object({
    kind: z.literal("flat-out"),
    ...desktops,
    depth: z.enum(layers),
    warmup_s: z.number(),
    seconds: z.number(),
  }),
]);

export type CostOrder = z.infer<typeof costOrder>;
export type WatchOrder = Extract<CostOrder, { kind: "watch" }>;
export type FlatOutOrder = Extract<CostOrder, { kind: "flat-out" }>;
