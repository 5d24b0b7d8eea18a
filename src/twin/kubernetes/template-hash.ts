import type { PodTemplate } from "./objects.ts";

/** Templates are never changed, so each is read only once. */
const known = new WeakMap<PodTemplate, string>();

/** Ten hexadecimal digits that tell pod templates apart (Kubernetes hashes its own dump of them; any hash serves). */
export function templateHash(template: PodTemplate): string {
  const before = known.get(template);
  if (before !== undefined) return before;
  const text = JSON.stringify(template);
  const hash = `${fnv(text, 0x811c9dc5)}${fnv(text, 0x01000193).slice(0, 2)}`;
  known.set(template, hash);
  return hash;
}

/** FNV-1a, 32 bits. */
function fnv(text: string, start: number): string {
  let value = start;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, "0");
}
