import { z } from "zod";
import { baselineFile } from "./baseline/baseline-schema.ts";
import { experimentFile } from "./experiment/experiment-schema.ts";
import { clustersFile, labFile } from "./inventory/inventory-schemas.ts";
import { humanWords } from "./inventory/words.ts";
import { isRecord } from "./yaml/value-at.ts";

type JsonObject = Readonly<Record<string, unknown>>;

const unresolved = (path: string): string => path;

/** JSON Schema (draft 7, which editors know) of an inventory as people write it. */
export function inventoryJsonSchema(): JsonObject {
  const { $schema, ...clusters } = draft7(clustersFile(humanWords(unresolved)));
  const { $schema: _, ...lab } = draft7(labFile());
  return {
    $schema,
    title: "blackout inventory",
    description: "How to reach clusters and what may be done to them, or the lab to start instead.",
    anyOf: [
      { title: "Real clusters", ...clusters },
      { title: "The embedded lab", ...lab },
    ],
  };
}

/** JSON Schema (draft 7) of an experiment. What an arm must have may stand in `defaults`, so nothing is required of it. */
export function experimentJsonSchema(): JsonObject {
  const { properties, ...rest } = draft7(experimentFile(unresolved));
  const { arms, ...others } = isRecord(properties) ? properties : {};
  const arm = isRecord(arms) ? partial(arms["additionalProperties"]) : {};
  return {
    title: "blackout experiment",
    description: "What to do to which cluster, how often, and what counts as good.",
    ...rest,
    properties: {
      ...others,
      arms: isRecord(arms) ? { ...arms, additionalProperties: arm } : {},
      defaults: isRecord(arm)
        ? { ...arm, description: "What every arm has that does not say otherwise." }
        : {},
    },
  };
}

/** JSON Schema (draft 7) of a baseline file. */
export const baselineJsonSchema = (): JsonObject => ({
  title: "blackout baseline",
  description: "A run as later ones are held against it.",
  ...draft7(baselineFile()),
});

function draft7(schema: z.ZodType): JsonObject {
  return {
    ...z.toJSONSchema(schema, {
      target: "draft-7",
      io: "input",
      // Zod drops the examples of what is transformed, since it takes them for those of the outcome. Ours are not.
      override: ({ zodSchema, jsonSchema }) => {
        const examples = z.globalRegistry.get(zodSchema)?.["examples"];
        if (Array.isArray(examples)) Object.assign(jsonSchema, { examples });
      },
    }),
  };
}

/** The same without `required`; and since alternatives then overlap, any of them will do instead of exactly one. */
function partial(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(partial);
  if (!isRecord(schema)) return schema;
  const entries = Object.entries(schema).filter(
    ([key, value]) => !(key === "required" && Array.isArray(value)),
  );
  return Object.fromEntries(
    entries.map(([key, value]) => [key === "oneOf" ? "anyOf" : key, partial(value)]),
  );
}
