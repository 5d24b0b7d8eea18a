import type { OverridableGuard } from "../../model/guard.ts";
import { isOverridable, overridableGuards } from "../../model/guard.ts";
import { allowedHint } from "../nearest.ts";
import { parsed } from "../schema/fields.ts";

/** These hold whatever the user says; they are named so that the answer is no "did you mean". */
const binding = ["cluster-identity", "known-node", "cluster-lock", "own-machine", "ssh-mapping"];

/** A guard by the name that its refusals show, in an experiment and after `--override`. */
export function parseOverride(
  name: string,
): { readonly value: OverridableGuard } | { readonly problem: string } {
  if (isOverridable(name)) return { value: name };
  if (binding.includes(name)) {
    return {
      problem: `${name} can never be overridden; allowed: ${overridableGuards.join(", ")}`,
    };
  }
  const shown = name.length > 40 ? "this" : `"${name}"`;
  return {
    problem: `${shown} is no guard that can be overridden; ${allowedHint(name, overridableGuards)}`,
  };
}

export const override = () => parsed(parseOverride).meta({ enum: [...overridableGuards] });
