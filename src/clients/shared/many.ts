import { z } from "zod";

/**
 * A list, read until the first entry that is wrong. Zod's own array notes what is wrong with every one: of a reply of some
 * megabytes that takes gigabytes, and a minute in which nothing else runs.
 */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.array(z.unknown()).transform((entries, context) => {
    const read: z.output<T>[] = [];
    for (const [index, entry] of entries.entries()) {
      const result = item.safeParse(entry);
      if (!result.success) return wrong(context, index, result.error);
      read.push(result.data);
    }
    return read;
  });

/** The same for the values of an object whose keys are names. */
export const recordOf = <T extends z.ZodType>(value: T) =>
  z.record(z.string(), z.unknown()).transform((entries, context) => {
    const read: [string, z.output<T>][] = [];
    for (const [name, entry] of Object.entries(entries)) {
      const result = value.safeParse(entry);
      if (!result.success) return wrong(context, name, result.error);
      read.push([name, result.data]);
    }
    return Object.fromEntries(read);
  });

function wrong(context: z.RefinementCtx, place: string | number, error: z.ZodError): never {
  const [issue] = error.issues;
  const path = [place, ...(issue?.path ?? [])];
  context.addIssue({ code: "custom", path, message: issue?.message ?? "?" });
  return z.NEVER;
}
