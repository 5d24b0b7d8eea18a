import { canonicalAddress } from "../../model/same-machine.ts";
import type { ApiPlace, Guard } from "./guard.ts";

/** Whoever kills the only node that answers is blind from then on, and can heal nothing. */
export const apiElsewhere: Guard = ({ victim, machine, apiPlaces }) => {
  const own = new Set(machine.addresses.map(canonicalAddress));
  const goesOn = (place: ApiPlace): boolean =>
    place.node === null ? leadsElsewhere(place, own) : place.node !== victim.name;
  if (apiPlaces.some(goesOn)) return [];
  return [
    {
      guard: "api-elsewhere",
      saw: `every API host is on ${victim.name}`,
      needs: "another node's URL in the inventory",
    },
  ];
};

/** Every machine has these: behind them is a tunnel, and nobody knows where that ends. */
const tunnelled: ReadonlySet<string> = new Set(["127.0.0.1", "::1"]);

/** A name may have many addresses, of which one that is not the victim's will do; one without any leads nowhere. */
const leadsElsewhere = ({ addresses }: ApiPlace, own: ReadonlySet<string>): boolean =>
  addresses.map(canonicalAddress).some((address) => tunnelled.has(address) || !own.has(address));
