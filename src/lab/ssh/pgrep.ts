import type { Call } from "./step.ts";
import { printed } from "./step.ts";

const NOT_FOUND = 1;

/** `pgrep -f PATTERN`, for patterns of plain characters, some of them in brackets; null for all others. */
export function pgrep(words: readonly string[]): Call | null {
  const [option, pattern = "", ...more] = words;
  const text = pattern.replaceAll(/\[([\w-])\]/g, "$1");
  if (option !== "-f" || more.length > 0 || !/^[\w -]+$/.test(text)) return null;
  return ({ processes, machine }) => {
    const found = processes.find(text, machine.bootId());
    const list = printed(found.map((pid) => `${pid}\n`).join(""));
    return { ...list, status: found.length === 0 ? NOT_FOUND : 0 };
  };
}
