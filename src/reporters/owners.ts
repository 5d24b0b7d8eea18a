import type { ArmWait } from "../model/explanation.ts";
import type { ArmReport } from "../model/run-report.ts";
import { figuresOf } from "./arm-figures.ts";
import { seconds } from "./format.ts";

/** What an arm's time belongs to: a wait, together with those that pass while it runs. */
export interface Owner {
  readonly name: string;
  /** Sum of the medians of its waits. */
  readonly ms: number;
  readonly setting: string | null;
  readonly shorten: string | null;
}

/** The longest first. */
export function ownersOf({ waits }: ArmReport): readonly Owner[] {
  const owners = new Map<string, Owner>();
  for (const wait of waits) {
    const name = wait.within ?? wait.name;
    const known = owners.get(name) ?? { name, ms: 0, setting: null, shorten: null };
    const own = wait.name === name;
    owners.set(name, {
      name,
      ms: known.ms + wait.median_ms,
      setting: own ? wait.setting : known.setting,
      shorten: own ? wait.shorten : known.shorten,
    });
  }
  return [...owners.values()].toSorted((a, b) => b.ms - a.ms);
}

/** A share of less than that is not named. */
const WORTH_NAMING_MS = 500;
const MOST_NAMED = 4;

/** `of 134.1 s, 117.2 s is the agent lock (constant), 10.0 s taking round (constant), ...`; null where nothing is explained. */
export function whereTimeGoes(arm: ArmReport): string | null {
  const owners = ownersOf(arm);
  const named = owners.filter(({ ms }) => ms >= WORTH_NAMING_MS).slice(0, MOST_NAMED);
  if (named.length === 0) return null;
  const rest = owners.filter((owner) => !named.includes(owner));
  const restMs = rest.reduce((sum, { ms }) => sum + ms, 0);
  const parts = named.map(
    ({ name, ms, shorten }, index) =>
      `${seconds(ms)} s ${index === 0 ? "is the " : ""}${name}${shorten === null ? " (constant)" : ""}`,
  );
  const others = restMs < WORTH_NAMING_MS ? [] : [`${seconds(restMs)} s the rest`];
  return `of ${figuresOf(arm, "recovery").median} s, ${[...parts, ...others].join(", ")}`;
}

/** What would shorten the long waits, with the settings that own them; at last those that nothing shortens. */
export function whatWouldShorten(arm: ArmReport): readonly string[] {
  const long = ownersOf(arm).filter(({ ms }) => ms >= WORTH_NAMING_MS);
  const fixed = long.filter(({ shorten }) => shorten === null).map(({ name }) => name);
  return [
    ...long.flatMap(({ name, setting, shorten }) =>
      shorten === null ? [] : [`${name}${setting === null ? "" : ` (${setting})`}: ${shorten}`],
    ),
    ...(fixed.length === 0 ? [] : [`${fixed.join(", ")}: nothing`]),
  ];
}

/** For a table: `112.3 .. 118.9`. */
export const spreadOf = ({ min_ms, max_ms }: ArmWait): string =>
  `${seconds(min_ms)} .. ${seconds(max_ms)}`;
