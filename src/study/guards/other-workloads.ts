import { matchesName } from "./matches-name.ts";
import type { Guard } from "./guard.ts";

const MOST_NAMED = 5;

/** What else would go down, but for what the inventory consents to. Where not all is seen, something may be there. */
export const otherWorkloads: Guard = ({ victim, health, safety }) => {
  const guard = "other-workloads";
  const { workloads: hidden } = health.hidden;
  const unseen = hidden === null ? [] : [{ guard, ...hidden }];
  const others = victim.workloads.filter(
    (name) => !safety.other_workloads.some((pattern) => matchesName(pattern, name)),
  );
  if (others.length === 0) return unseen;
  const more = others.length - MOST_NAMED;
  return [
    ...unseen,
    {
      guard,
      saw: `${victim.name} also runs ${others.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
      needs:
        "a victim that runs nothing but the desktop, or what it runs in safety.other_workloads",
    },
  ];
};
