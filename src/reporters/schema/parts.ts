import { z } from "zod";
import type { RangeMs, SpanMs } from "../../base/interval.ts";
import type { OpenRangeMs } from "../../model/contrast.ts";
import { durationMeasures } from "../../model/experiment.ts";

/** The words that the schemas of `report.json` are written in. */

/** As the model writes data: readonly throughout. */
type Frozen<T> = { readonly [Key in keyof T]: Frozen<T[Key]> };

/** Identical, optional keys included: assignable both ways is not enough, since a key that only may be there is then overlooked. */
type Same<A, B> =
  (<T>(each: T) => T extends A ? 1 : 2) extends <T>(each: T) => T extends B ? 1 : 2 ? true : false;

/**
 * The schema itself, which compiles only while what it lets through is exactly the `Model`: neither can gain, lose or
 * change a key without the other.
 */
export const modelled =
  <Model>() =>
  <Schema extends z.ZodType<Model>>(
    schema: Schema &
      (Same<Frozen<z.output<Schema>>, Frozen<Model>> extends true
        ? unknown
        : "the schema differs from the model"),
  ): Schema =>
    schema;

/** A schema that the JSON Schema holds once, under its name, however often it is used. */
export const named = <Schema extends z.ZodType>(
  schema: Schema,
  id: string,
  description: string,
): Schema => schema.meta({ id, title: id, description });

/** A number of something. */
export const count = () => z.int().min(0);

/** A length of time, in milliseconds, fractions included. */
export const milliseconds = () => z.number().min(0);

/** A label for people: nothing is computed from it, since wall clocks jump. */
export const wallTime = () => z.string().meta({ format: "date-time" }).nullable();

export const rangeMs = modelled<RangeMs>()(
  named(
    z.tuple([z.number(), z.number()]),
    "RangeMs",
    "A duration that is known only to lie between two others, both included: [low, high], in milliseconds.",
  ),
);

export const openRangeMs = modelled<OpenRangeMs>()(
  named(
    z.tuple([z.number().nullable(), z.number().nullable()]),
    "OpenRangeMs",
    "A range in milliseconds, both ends included: [low, high]. Null: it has no end there.",
  ),
);

export const spanMs = modelled<SpanMs>()(
  named(
    z.tuple([z.number(), z.number()]),
    "SpanMs",
    "An instant that is known only to lie between two others, both included: [earliest, latest], in milliseconds since the run's clock origin.",
  ),
);

export const durationMeasure = () => z.enum(durationMeasures);
