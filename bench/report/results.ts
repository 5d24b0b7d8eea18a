import { z } from "zod";
import { intervalNames } from "../accuracy/judged.ts";
import { readings } from "../peers/methods.ts";
import { outageKinds } from "../player/outage.ts";

/** The file of results: of each part the figures that were measured last, and on what, as parts may be measured one by one. */

const range = z.tuple([z.number(), z.number()]).readonly();

const measured = z.object({
  where: z.enum(["inside", "touching", "outside", "unseen"]),
  seen_ms: range.nullable(),
  truth_ms: range,
  limit_ms: z.number(),
});

const judged = z.object({
  id: z.string(),
  kind: z.enum(outageKinds),
  period_ms: z.number(),
  attempts: z.int(),
  unobserved: z.int(),
  hanging: z.int(),
  intervals: z.record(z.enum(intervalNames), measured),
});

/** What one method and reading made of one outage. */
const peerError = z.object({
  id: z.string(),
  kind: z.enum(outageKinds),
  pause_ms: z.number(),
  timeout_ms: z.number(),
  reading: z.enum(readings),
  truth_ms: z.number(),
  /** Null: not noticed, or never seen back. */
  reported_ms: z.number().nullable(),
});

/** Median, 99th percentile and the largest. */
const spread = z.object({ p50: z.number(), p99: z.number(), max: z.number() });

export const watchCost = z.object({
  desktops: z.int(),
  seconds: z.number(),
  samples: z.int(),
  bad: z.int(),
  unobserved: z.int(),
  lateness_ms: spread,
  latency_ms: spread,
  /** Resident memory at its highest, and before the first watch. */
  rss_mb: z.number(),
  rss_before_mb: z.number(),
  /** Share of one core that the process used. */
  cpu_share: z.number(),
});

export const depthCost = z.object({
  depth: z.string(),
  attempts: z.int(),
  failed: z.int(),
  cpu_ms: z.number(),
});

const twinSpeed = z.object({ twin: z.string(), failovers: z.int(), cpu_ms: z.number() });

const cost = z.object({
  pinned: z.boolean(),
  watches: z.array(watchCost),
  depths: z.array(depthCost),
});

const circumstances = z.object({
  machine: z.object({
    cpu: z.string(),
    cores: z.int(),
    memory_gb: z.number(),
    node: z.string(),
    kernel: z.string(),
  }),
  began: z.string(),
  seed: z.int(),
  quick: z.boolean(),
  duration_s: z.number(),
});

/** Null: never measured. */
const part = <Figures extends z.ZodType>(figures: Figures) =>
  z.object({ under: circumstances, figures }).nullable();

export const results = z.object({
  version: z.literal(2),
  accuracy: part(z.array(judged)),
  peers: part(z.array(peerError)),
  cost: part(cost),
  twin: part(z.array(twinSpeed)),
});

export type Results = z.infer<typeof results>;
export type Circumstances = z.infer<typeof circumstances>;
export type Cost = z.infer<typeof cost>;
export type PeerError = z.infer<typeof peerError>;
export type Spread = z.infer<typeof spread>;
export type WatchCost = z.infer<typeof watchCost>;
export type DepthCost = z.infer<typeof depthCost>;
export type TwinSpeed = z.infer<typeof twinSpeed>;
