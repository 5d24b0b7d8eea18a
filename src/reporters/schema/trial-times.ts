import { z } from "zod";
import type { TrialInstants, TrialResult } from "../../model/trial-result.ts";
import { modelled, rangeMs, spanMs } from "./parts.ts";

const instant = (description: string) => spanMs.nullable().describe(description);

/** When what happened in a trial; null where it was not seen. */
export const trialInstants = modelled<TrialInstants>()(
  z.strictObject({
    fault: instant("The victim is gone."),
    lost: instant("The endpoint stopped answering."),
    node_lost: instant("The control plane says that the node is lost."),
    fenced: instant("The desktop may be started elsewhere."),
    node_chosen: instant("The new node is known."),
    instance_started: instant("QEMU or the container runs."),
    back: instant("The endpoint answers at full depth, and goes on to."),
  }),
);

const duration = (description: string) => rangeMs.nullable().describe(description);

/** From where to where each duration runs. */
export const trialDurations = modelled<TrialResult["durations_ms"]>()(
  z.strictObject({
    recovery: duration("From the fault to the endpoint answering at full depth."),
    outage: duration("From the last good sample to the first of sustained good ones."),
    detection: duration("From the fault to the control plane saying that the node is lost."),
    fencing: duration("From there to the desktop being allowed to start elsewhere."),
    placement: duration("From there to the new node being chosen."),
    start: duration("From there to the instance running."),
    service: duration("From there to the endpoint answering at full depth."),
  }),
);
