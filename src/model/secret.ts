/** Where a secret is to be found. The secret itself is resolved late, and is never part of the model. */
export type SecretRef =
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "file"; readonly path: string };
