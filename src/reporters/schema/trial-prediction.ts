import { z } from "zod";
import type { PredictedMode } from "../../model/prediction.ts";
import type { TrialPrediction } from "../../model/trial-result.ts";
import { milliseconds, modelled, named, rangeMs } from "./parts.ts";

const phase = () => rangeMs.nullable();

const phases = modelled<TrialPrediction["phases_ms"]>()(
  z.strictObject({
    detection: phase(),
    fencing: phase(),
    placement: phase(),
    start: phase(),
    service: phase(),
  }),
);

const mode = modelled<PredictedMode>()(
  named(
    z.strictObject({
      name: z.string(),
      why: z.string(),
      share: z.number().min(0).max(1).describe("Of what was played."),
      recovery_ms: rangeMs.describe("The central 95 % of this mode alone."),
    }),
    "PredictedMode",
    "One way in which the cluster's rounds can fall.",
  ),
);

export const trialPrediction = modelled<TrialPrediction>()(
  named(
    z.strictObject({
      recovery_ms: rangeMs.describe("The central 95 % of what was played."),
      recovery_median_ms: milliseconds(),
      phases_ms: phases.describe("The same of each phase; null where it was not played apart."),
      modes: z.array(mode).describe("What may decide it, the likeliest first."),
      inside: z
        .boolean()
        .nullable()
        .describe(
          "Whether the measured recovery, with its error, reaches into the predicted one; null where none was measured that would tell.",
        ),
    }),
    "TrialPrediction",
    "How long the failover takes by the twin, from what was seen until the kill.",
  ),
);
