import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Two processors that this process may use, one for the prober and one for who plays its desktops. */
export interface Cores {
  readonly prober: number | null;
  readonly player: number | null;
}

/** Null where there is only one, or no `taskset` (Linux: util-linux). */
export function twoCores(): Cores {
  const [prober, player] = spawnSync("taskset", ["-V"]).status === 0 ? allowed() : [];
  return player === undefined ? { prober: null, player: null } : { prober: prober ?? null, player };
}

/** `Cpus_allowed_list:	0-1,4` (proc(5)). */
function allowed(): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return (list ?? "").split(",").flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split("-").map(Number);
    return Number.isNaN(first) ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
