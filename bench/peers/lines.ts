import { z } from "zod";

/** What the pollers' process is told, one line of JSON each. */
export const pollersOrder = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("poll"), id: z.string(), url: z.string() }),
  z.object({ kind: z.literal("stop"), id: z.string() }),
]);

/** What one method saw of one outage. */
export const pollersLine = z.object({
  id: z.string(),
  method: z.object({ pause_ms: z.number(), timeout_ms: z.number() }),
  polls: z.array(z.object({ began_ns: z.number(), ended_ns: z.number(), good: z.boolean() })),
});

export type PollersLine = z.infer<typeof pollersLine>;
