import type { MachineFacts } from "./cluster-facts.ts";
import type { OwnMachine } from "./own-machine.ts";

/**
 * Why the death of this machine would be the death of the program that has to heal it, of its way to the cluster, or of
 * its user's login. Null: as far as is known it would not. What is told of a running kernel outweighs all else, since
 * clones share a machine-id and addresses move. Loopback addresses say nothing: every machine has them, and labs live there.
 */
export function ownMachineTie(machine: MachineFacts, own: OwnMachine): string | null {
  const same = whySame(machine, own);
  if (same !== null) return `this program runs there: ${same}`;
  const route = shared(machine, own.gateways);
  if (route !== null) return `this machine's way out leads over it: ${route} is its gateway`;
  const login = shared(machine, own.login_from === null ? [] : [own.login_from]);
  return login === null ? null : `the login that started this program comes from there: ${login}`;
}

/** What two ways of asking told of one machine; the first one's word counts where both know. */
export const mergedFacts = (first: MachineFacts, second: MachineFacts): MachineFacts => ({
  boot_id: first.boot_id ?? second.boot_id,
  machine_id: first.machine_id ?? second.machine_id,
  addresses: [...new Set([...first.addresses, ...second.addresses])],
});

function whySame(machine: MachineFacts, own: OwnMachine): string | null {
  if (machine.boot_id !== null && own.boot_id !== null) {
    // One running kernel has one; it tells even from within a container.
    return machine.boot_id === own.boot_id ? "the same kernel runs (boot_id)" : null;
  }
  if (machine.machine_id !== null && machine.machine_id === own.machine_id) {
    return "the same /etc/machine-id";
  }
  const address = shared(machine, own.addresses);
  return address === null ? null : `${address} is an address of this machine`;
}

function shared({ addresses }: MachineFacts, ours: readonly string[]): string | null {
  const known = new Set(ours.map(canonicalAddress));
  const found = addresses.find((each) => {
    const address = canonicalAddress(each);
    return !isLoopback(address) && known.has(address);
  });
  return found ?? null;
}

const isLoopback = (address: string): boolean => address.startsWith("127.") || address === "::1";

/** One spelling for each address: no zone, no IPv4 inside IPv6, IPv6 as short as it goes. Other text as it is. */
export function canonicalAddress(text: string): string {
  const address = text
    .toLowerCase()
    .replace(/%.*$/u, "")
    .replace(/^::ffff:(?=\d+\.)/u, "");
  const url = `http://[${address}]/`;
  return address.includes(":") && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address;
}
