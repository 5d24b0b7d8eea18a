/** Parameters of a call; PVE knows no booleans, only 1 and 0. */
export type CallParameters = Readonly<Record<string, unknown>>;

/** As a query or a form body. Undefined ones are left out; lists are repeated. */
export function encodeForm(parameters: CallParameters): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      const text = asText(each);
      if (text !== null) form.append(name, text);
    }
  }
  return form.toString();
}

function asText(value: unknown): string | null {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "string" || typeof value === "number") return String(value);
  return null;
}
