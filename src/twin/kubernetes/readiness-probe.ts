import type { Duration } from "../../base/time.ts";
import { seconds } from "../../base/time.ts";
import type { Pod } from "./objects.ts";

/** The API server's default for `periodSeconds`. */
const DEFAULT_PERIOD_S = 10;

/** How often a pod's readiness probe runs; null: it has none, and is ready as soon as it runs. */
export function probePeriod(pod: Pod): Duration | null {
  const probe = pod.spec.containers
    .map((container) => container.readinessProbe)
    .find((each) => each !== undefined);
  if (probe === undefined) return null;
  const given: unknown =
    typeof probe === "object" && probe !== null ? Reflect.get(probe, "periodSeconds") : undefined;
  return seconds(typeof given === "number" && given > 0 ? given : DEFAULT_PERIOD_S);
}
