/** PVE's workloads bear their number behind their name: `mail (100)`. */
const NUMBERED = / \(\d+\)$/u;
/** And behind that what PVE says of them where it does not say that they run: `mail (100) (status unknown)`. */
const STATUS = / \(status [^()]*\)$/u;

/**
 * Whether a name is what a pattern stands for, in which `*` is any text, however short: `monitoring/*`, `mail (100)`. A
 * pattern without a number stands for every number, and one without a status for every status: `mail`.
 */
export const matchesName = (pattern: string, name: string): boolean => {
  const known = name.replace(STATUS, "");
  const names = [name, known, known.replace(NUMBERED, "")];
  return names.some((each) => matches(pattern, each));
};

/** Each part is looked for behind the one before, which finds it if any way does, and takes no longer than text and pattern are. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const [first = ""] = parts;
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return pattern === text;
  if (!text.startsWith(first) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.slice(0, end).indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.endsWith(last);
}
