import { DateTime } from "luxon";

/** Like kubectl's HumanDuration: `45s`, `4m10s`, `12m`, `3h5m`, `5d`. */
export function ageOf(stamp: string | undefined, nowSeconds: number): string {
  if (stamp === undefined || stamp === "") return "<unknown>";
  const age = Math.max(0, Math.floor(nowSeconds - DateTime.fromISO(stamp).toSeconds()));
  const minutes = Math.floor(age / 60);
  const hours = Math.floor(minutes / 60);
  if (age < 120) return `${age}s`;
  if (minutes < 10) return age % 60 === 0 ? `${minutes}m` : `${minutes}m${age % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  return days < 8 && hours % 24 !== 0 ? `${days}d${hours % 24}h` : `${days}d`;
}
