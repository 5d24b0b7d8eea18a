import { OperatingError } from "../../../base/errors.ts";
import { parse } from "../../shared/parse.ts";
import { collection, idOf, pathOf } from "./resources.ts";
import type { RedfishWire } from "./redfish-wire.ts";

/** A list goes on for at most so many pages. */
const MOST_PAGES = 16;
/** As many as a person reads, and as much of each. */
const MOST_NAMED = 20;
const LONGEST_NAME = 80;
const what = "list the BMC's systems";

/** The path of the configured system, or of the only one there is. */
export async function findSystem(
  wire: RedfishWire,
  systems: string,
  wanted: string | null,
  signal: AbortSignal,
): Promise<string> {
  const members = await list(wire, systems, signal);
  const names = namesOf(members);
  if (wanted !== null) {
    const found = members.find((path) => idOf(path) === wanted);
    if (found !== undefined) return found;
    throw unclear(
      wire,
      `system "${wanted}" of the inventory is not there: it has ${names === "" ? "none" : names}`,
    );
  }
  const [only] = members;
  if (only !== undefined && members.length === 1) return only;
  if (only === undefined) throw unclear(wire, "it has no system: its list is empty");
  throw unclear(
    wire,
    `it has ${members.length} systems: ${names}. Set bmc.system in the inventory to the node's`,
  );
}

const namesOf = (members: readonly string[]): string =>
  members
    .slice(0, MOST_NAMED)
    .map((path) => `"${idOf(path).slice(0, LONGEST_NAME)}"`)
    .join(", ");

async function list(
  wire: RedfishWire,
  systems: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const members: string[] = [];
  let next: string | undefined = systems;
  for (let page = 0; page < MOST_PAGES && next !== undefined; page++) {
    const answer: unknown = await wire.get(what, pathOf(next), signal);
    const { Members, "Members@odata.nextLink": more } = parse(collection, answer, what);
    members.push(...Members);
    next = more;
  }
  return members;
}

const unclear = (wire: RedfishWire, why: string): OperatingError =>
  new OperatingError("configuration", `Cannot tell the node's system on ${wire.peer} as ${why}`, {
    facts: { peer: wire.peer },
  });
