import { readFileSync } from "node:fs";

/** Of this program, from its package.json beside src or dist. */
export const version = ((): string => {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return /"version": "([^"]+)"/u.exec(text)?.[1] ?? "unknown";
})();
