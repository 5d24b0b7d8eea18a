import { expect, it } from "vitest";
import { z } from "zod";
import { modelled } from "../../../src/reporters/schema/parts.ts";

interface Model {
  readonly name: string;
  readonly inner: { readonly at_ms: number | null };
}
interface LaterModel extends Model {
  readonly note?: string;
}
const name = z.string();
const inner = z.strictObject({ at_ms: z.number().nullable() });

/** Held by the compiler: each `@ts-expect-error` is itself an error where the line below it compiles. */
it("modelled takes a schema that lets through exactly its model, and compiles with no other", () => {
  const exact = z.strictObject({ name, inner });
  expect(modelled<Model>()(exact)).toBe(exact);
  // @ts-expect-error a key of the model is missing
  modelled<Model>()(z.strictObject({ name }));
  // @ts-expect-error the model has no such key
  modelled<Model>()(z.strictObject({ name, inner, note: name }));
  // @ts-expect-error nor one that only may be there
  modelled<Model>()(z.strictObject({ name, inner, note: name.optional() }));
  // @ts-expect-error the model has a key more, though it only may be there
  modelled<LaterModel>()(exact);
  // @ts-expect-error the model allows null
  modelled<Model>()(z.strictObject({ name, inner: z.strictObject({ at_ms: z.number() }) }));
  // @ts-expect-error the model is stricter
  modelled<Model>()(z.strictObject({ name: z.any(), inner }));
});
