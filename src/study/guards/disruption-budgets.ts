import type { Guard } from "./guard.ts";

/** Promises that others have made, which a kill would not ask. What cannot be read may be one. */
export const disruptionBudgets: Guard = ({ victim, health }) => {
  const guard = "disruption-budgets";
  const { budgets: unseen } = health.hidden;
  const saw = victim.budgets.join("; ");
  return [
    ...(unseen === null ? [] : [{ guard, ...unseen }]),
    ...(saw === "" ? [] : [{ guard, saw, needs: `budgets that allow the loss of ${victim.name}` }]),
  ];
};
