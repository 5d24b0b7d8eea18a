import { BlockList, isIP, isIPv6 } from "node:net";
import { OperatingError } from "../../base/errors.ts";
import type { Link, Route } from "./links.ts";
import { isLoopback, isPhysical, isUp } from "./links.ts";

/** Bonds of bridges of VLANs: nobody stacks deeper. */
const DEEPEST = 8;

/**
 * The links that a cut takes down. Rejects where there are none, or where it cannot be told:
 * - `all`: the physical ones that are up or, where there are none (a container), those that lead elsewhere;
 * - a name: that one;
 * - a network: the link whose address lies in it, and for a bridge, bond or VLAN the physical ports below it.
 */
export function chooseLinks(
  cut: string,
  links: readonly Link[],
  routes: readonly Route[],
): readonly string[] {
  const chosen = candidates(cut, links, routes).filter((link) => isUp(link) && !isLoopback(link));
  if (chosen.length > 0) return chosen.map(({ ifname }) => ifname);
  throw refused(cut, "none of the links that it names is up");
}

/** The links that a cut has taken down, whether they are up or not; empty for `all`, which only its timer knows. */
export const linksNamed = (cut: string, links: readonly Link[]): readonly string[] =>
  cut === "all" ? [] : candidates(cut, links, []).map(({ ifname }) => ifname);

function candidates(
  cut: string,
  links: readonly Link[],
  routes: readonly Route[],
): readonly Link[] {
  if (cut === "all") return everyWayOut(links, routes);
  if (cut.includes("/")) return ofNetwork(cut, links);
  const named = links.find(({ ifname }) => ifname === cut);
  if (named !== undefined) return [named];
  throw refused(cut, `the node has no such link: it has ${namesOf(links)}`);
}

function everyWayOut(links: readonly Link[], routes: readonly Route[]): readonly Link[] {
  const physical = links.filter((link) => isPhysical(link) && isUp(link));
  if (physical.length > 0) return physical;
  return links.filter(
    (link) =>
      link.addr_info.some(leadsElsewhere) ||
      routes.some(
        ({ dev, dst, gateway }) =>
          dev === link.ifname && (dst === "default" || gateway !== undefined),
      ),
  );
}

const leadsElsewhere = ({ family, prefixlen, scope }: Link["addr_info"][number]): boolean =>
  scope === "global" && (prefixlen ?? 128) < (family === "inet" ? 32 : 128);

function ofNetwork(cut: string, links: readonly Link[]): readonly Link[] {
  const network = networkOf(cut);
  const carrier = links.find(({ addr_info: addresses }) =>
    addresses.some(({ local }) => local !== undefined && contains(network, local)),
  );
  if (carrier === undefined) throw refused(cut, "no address of the node lies in it");
  const ports = portsBelow(carrier, links, DEEPEST);
  if (ports.length > 0) return ports;
  throw refused(
    cut,
    `its address lies on ${carrier.ifname} (${carrier.linkinfo?.info_kind ?? "physical"}), whose physical ports cannot be found. Name the link to cut instead`,
  );
}

/** The physical ports that a link leads through; itself where nothing lies below it. */
function portsBelow(link: Link, links: readonly Link[], depth: number): readonly Link[] {
  if (depth === 0) return [];
  switch (link.linkinfo?.info_kind) {
    case "bridge":
    case "bond":
    case "team":
      return links
        .filter(({ master }) => master === link.ifname)
        .flatMap((port) => (leadsDown(port) ? portsBelow(port, links, depth - 1) : []));
    case "vlan":
      return links
        .filter(({ ifname }) => ifname === link.link)
        .flatMap((below) => portsBelow(below, links, depth - 1));
    case undefined:
    case "veth":
      return [link];
    default:
      return [];
  }
}

/** Guests and pods hang on a bridge by ports that lead up, not down. */
const leadsDown = (port: Link): boolean =>
  isPhysical(port) || ["bond", "team", "vlan"].includes(port.linkinfo?.info_kind ?? "");

function networkOf(cut: string): BlockList {
  const [start = "", length = ""] = cut.split("/");
  const prefix = Number(length);
  const longest = isIPv6(start) ? 128 : 32;
  if (isIP(start) === 0 || !/^\d+$/u.test(length) || prefix > longest) {
    throw refused(cut, "it is no network address (10.10.0.0/24)");
  }
  const network = new BlockList();
  network.addSubnet(start, prefix, isIPv6(start) ? "ipv6" : "ipv4");
  return network;
}

const contains = (network: BlockList, address: string): boolean =>
  isIP(address) !== 0 && network.check(address, isIPv6(address) ? "ipv6" : "ipv4");

const namesOf = (links: readonly Link[]): string =>
  links
    .filter((link) => !isLoopback(link))
    .slice(0, 20)
    .map(({ ifname }) => ifname)
    .join(", ");

const refused = (cut: string, why: string): OperatingError =>
  new OperatingError("configuration", `Cannot cut network ${cut} as ${why}`);
