import { z } from "zod";

/**
 * A union by `kind`, of which those that need nothing else may be written as their bare kind:
 * `reach: console` for `reach: { kind: console }`.
 */
export const shortOr = <const Kind extends string, Schema extends z.ZodType>(
  kinds: readonly Kind[],
  schema: Schema,
) =>
  z.union([
    z
      .enum(kinds)
      .transform((kind): unknown => ({ kind }))
      .pipe(schema),
    schema,
  ]);
