import type { ControlPlaneEvent } from "../../model/cluster-facts.ts";

/** An event before it is known when it was seen and by which watch. */
export type Change = Omit<ControlPlaneEvent, "observed_ms" | "source">;
