import { z } from "zod";
import type { SecretRef } from "../../model/secret.ts";
import type { ResolvePath } from "../schema/fields.ts";
import { path, secret, strict } from "../schema/fields.ts";

/** How an inventory writes what depends on the file that it is in. */
export interface Words {
  readonly secret: () => z.ZodType<SecretRef>;
  readonly path: () => z.ZodType<string>;
}

/** As people write it: `file:token` beside the inventory. */
export const humanWords = (resolvePath: ResolvePath): Words => ({
  secret: () => secret(resolvePath),
  path: () => path(resolvePath),
});

/** As programs write it: a secret may also be the reference itself, as the model has it. */
export const modelWords = (resolvePath: ResolvePath): Words => ({
  secret: () =>
    z.union([
      strict({ kind: z.literal("env"), name: z.string().min(1) }),
      strict({ kind: z.literal("file"), path: path(resolvePath) }),
      secret(resolvePath),
    ]),
  path: () => path(resolvePath),
});
