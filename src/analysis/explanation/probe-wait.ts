import type { WaitText } from "../../model/explanation.ts";
import type { TrialGrid } from "../../model/trial-result.ts";

/** No wait of the desktop's, but the doubt in which the probe leaves its return: none of it, or all. */
export const probeWait = ({ period_ms, attempt_timeout_ms }: TrialGrid): WaitText => ({
  name: "probe",
  phase: "service",
  rule: `The desktop was asked every ${period_ms} ms, and an attempt may take up to ${attempt_timeout_ms} ms: somewhere between the last bad one's start and the first good one's end it began to answer.`,
  setting: `probe.period = ${period_ms} ms`,
  shorten: "a shorter probe.period tells it more exactly; the desktop is back no sooner",
  source: "this run's grid",
  within: null,
});
