import type { OverridableGuard } from "../../model/guard.ts";
import type { Refusal } from "../../model/journal.ts";

export interface Weighed {
  /** These hold. */
  readonly refusals: readonly Refusal[];
  /** Those of guards that the user overrides by name. */
  readonly overridden: readonly Refusal[];
}

export function weighed(
  refusals: readonly Refusal[],
  overrides: readonly OverridableGuard[],
): Weighed {
  const isOverridden = ({ guard }: Refusal): boolean => overrides.some((name) => name === guard);
  return {
    refusals: refusals.filter((each) => !isOverridden(each)),
    overridden: refusals.filter(isOverridden),
  };
}
