import { z } from "zod";
import { parameterError } from "./api-error.ts";

/** What came in the query and in the body, before anybody looked at it. */
export type RawParameters = Readonly<Record<string, unknown>>;

/** A wrong value, for the message. */
const shown = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** A form has only text; a JSON body has numbers and booleans too. */
export const text = z.union([z.string(), z.number().transform(String)]);

export const integer = text
  .refine((value) => /^-?\d{1,15}$/.test(value), {
    error: (issue) => `type check ('integer') failed - got '${shown(issue.input)}'`,
  })
  .transform(Number);

export const flag = z
  .union([z.string(), z.number(), z.boolean()])
  .refine((value) => /^(0|1|yes|no|on|off|true|false)$/i.test(String(value)), {
    error: (issue) => `type check ('boolean') failed - got '${shown(issue.input)}'`,
  })
  .transform((value) => /^(1|yes|on|true)$/i.test(String(value)));

export const oneOf = <const T extends readonly [string, ...string[]]>(
  values: T,
): z.ZodEnum<{ [K in T[number]]: K }> =>
  z.enum(values, {
    error: (issue) =>
      issue.input === undefined
        ? undefined
        : `value '${shown(issue.input)}' does not have a value in the enumeration '${values.join(", ")}'`,
  });

export const vmidText = text.refine((value) => /^[1-9]\d{2,8}$/.test(value), {
  error: "invalid format - value does not look like a valid VM ID\n",
});

/** The parameters by `schema`, or a 400 whose `errors` name each wrong one in PVE's words. */
export function checked<S extends z.ZodType>(schema: S, raw: RawParameters): z.output<S> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const errors: Record<string, string> = {};
  for (const issue of result.error.issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        errors[key] =
          "property is not defined in schema and the schema does not allow additional properties";
      }
      continue;
    }
    const name = String(issue.path[0] ?? "");
    errors[name] =
      raw[name] === undefined ? "property is missing and it is not optional" : wording(issue);
  }
  throw parameterError(errors);
}

/** A union hides the words of its members; its own message, or the first one below, is what PVE would say. */
function wording(issue: z.core.$ZodIssue): string {
  return issue.message === "Invalid input" ? "invalid format" : issue.message;
}
