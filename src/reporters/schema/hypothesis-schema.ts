import { z } from "zod";
import type {
  HypothesisMode,
  RankedHypothesis,
  ReferenceHypotheses,
} from "../../model/hypothesis.ts";
import { count, milliseconds, modelled, named } from "./parts.ts";

const mode = modelled<HypothesisMode>()(
  z.strictObject({
    name: z.string(),
    share: z.number().min(0).max(1).describe("Of the failovers that the hypothesis plays."),
    median_ms: milliseconds(),
    values: count().describe("How many of the values most likely belong to it."),
  }),
);

const ranked = modelled<RankedHypothesis>()(
  named(
    z.strictObject({
      name: z.string(),
      less_likely: z
        .number()
        .min(1)
        .describe("How many times less likely the values are under it than under the first."),
      ecdf_distance: z
        .number()
        .min(0)
        .max(1)
        .describe("Largest distance of its distribution function from that of the values."),
      median_ms: milliseconds(),
      constant_ms: milliseconds().describe(
        "What no rule gives and all trials share, where it fits best.",
      ),
      modes: z.array(mode),
    }),
    "RankedHypothesis",
    "One way in which the cluster may have been when the values were measured.",
  ),
);

export const referenceHypotheses = modelled<ReferenceHypotheses>()(
  named(
    z.strictObject({
      title: z.string(),
      source: z.string(),
      ranked: z.array(ranked).describe("Likeliest first."),
      text: z.array(z.string()).describe("In words, a paragraph each."),
      assumed: z.array(z.string()).describe("What the ranking takes for granted."),
    }),
    "ReferenceHypotheses",
    "What may have made values that were measured elsewhere, whose timers nobody logged.",
  ),
);
