import type { z } from "zod";
import { OperatingError } from "../../base/errors.ts";

/** Keys may be the other side's own words, of any length. */
const LONGEST_PLACE = 200;

const placeOf = (path: readonly PropertyKey[]): string =>
  path.map(String).join(".").slice(0, LONGEST_PLACE);

/** What came back, in the form that is needed; `what` names the call. Unknown keys pass: each release adds some. */
export function parse<T>(schema: z.ZodType<T>, data: unknown, what: string): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new OperatingError(
    "protocol",
    `Cannot use the answer to ${what} as it is not of the expected form: ${placeOf(issue?.path ?? [])}: ${issue?.message ?? "?"}`,
  );
}
