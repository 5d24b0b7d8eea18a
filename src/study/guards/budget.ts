import { formatDuration, milliseconds } from "../../base/time.ts";
import type { Guard, Spending } from "./guard.ts";

/** How much one run may do to a cluster: refused before the kill that would be too much. */
export const budget: Guard = ({ safety, spending }) => [
  ...tooManyKills(safety.max_kills, spending),
  ...tooLong(safety.max_time_ms, spending),
];

function tooManyKills(most: number | null, spending: Spending): ReturnType<Guard> {
  const kills = spending.kind === "planned" ? spending.kills : spending.kills + 1;
  if (most === null || kills <= most) return [];
  return [
    {
      guard: "budget",
      saw:
        spending.kind === "planned"
          ? `${kills} kills are planned`
          : `this run has killed ${spending.kills} times`,
      needs: `at most ${most} kills in one run (safety.max_kills)`,
    },
  ];
}

function tooLong(most: number | null, spending: Spending): ReturnType<Guard> {
  if (most === null || spending.kind === "planned" || spending.elapsed_ms <= most) return [];
  return [
    {
      guard: "budget",
      saw: `this run has lasted ${formatDuration(milliseconds(spending.elapsed_ms))}`,
      needs: `no kill later than ${formatDuration(milliseconds(most))} after its start (safety.max_time)`,
    },
  ];
}
