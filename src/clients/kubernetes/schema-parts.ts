import { z } from "zod";
import { listOf as many, recordOf } from "../shared/many.ts";
import { parse } from "../shared/parse.ts";

/** Kubernetes leaves out what is empty; these give it a value. Unknown keys pass everywhere. */

export const text = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === "" ? null : value));

export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

export const strings = recordOf(z.string())
  .nullish()
  .transform((value) => value ?? {});

export const listOf = <T extends z.ZodType>(item: T) =>
  many(item)
    .nullish()
    .transform((value) => value ?? []);

export const condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  lastTransitionTime: text,
  reason: text,
  message: text,
});

export const metadata = z.looseObject({
  name: z.string(),
  namespace: text,
  uid: text,
  labels: strings,
  annotations: strings,
  deletionTimestamp: text,
  ownerReferences: listOf(z.looseObject({ kind: z.string() })),
});

const items = z.looseObject({ items: z.array(z.unknown()) });

/** The objects of a list, read one by one. */
export const readList = <T>(data: unknown, read: (object: unknown) => T): readonly T[] =>
  parse(items, data, "a list").items.map((item) => read(item));

const named = z.looseObject({ metadata });

/** Whose an object is. */
export const readMetadata = (object: unknown): z.infer<typeof metadata> =>
  parse(named, object, "an object").metadata;
