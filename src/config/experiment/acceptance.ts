import { z } from "zod";
import type { Acceptance, AcceptanceRule } from "../../model/experiment.ts";
import { name, parsed, strict } from "../schema/fields.ts";
import { parseRule } from "./parse-rule.ts";

/**
 * What counts as good: a list of rules, each for every arm (`lost == 0`) or, under an arm's name, for that one
 * (`kubernetes: recovery.median < 60s`); or the same as `rules` beside `min_valid`.
 */
export const acceptance = () =>
  z
    .union([rules(), strict({ min_valid: minValid(), rules: rules() })])
    .transform((value): Acceptance =>
      "rules" in value ? value : { rules: value, min_valid: null },
    )
    .prefault([]);

const minValid = () =>
  z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("Valid trials that a pass needs, per arm. Default: all planned.");

const rule = () =>
  parsed(parseRule, { examples: ["recovery.p95 <= 150s", "lost == 0", "outage.max <= 3m"] });

const rules = () =>
  z.array(z.union([ruleForAll(), rulesByArm()])).transform((items) => items.flat());

const ruleForAll = () =>
  rule().transform((each): readonly AcceptanceRule[] => [{ ...each, arm: null }]);

const rulesByArm = () =>
  z
    .record(name(), z.union([rule().transform((each) => [each]), z.array(rule())]))
    .transform((byArm): readonly AcceptanceRule[] =>
      Object.entries(byArm).flatMap(([arm, list]) => list.map((each) => ({ ...each, arm }))),
    );
