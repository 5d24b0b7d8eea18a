import { OperatingError } from "../../base/errors.ts";
import type { Link, Route } from "./links.ts";

/** A node that routes for others, with more than this, is not to be put back together by a line of shell. */
const MOST_ROUTES = 64;

/**
 * What brings links back as they were, in shell commands. The kernel drops a link's routes and IPv6 addresses when it
 * goes down, and brings back by itself only the routes of its own (`proto kernel`).
 */
export function restoringCommands(
  names: readonly string[],
  links: readonly Link[],
  routes: readonly Route[],
): readonly string[] {
  const lost = routes.filter((route) => isLost(route, names));
  if (lost.length > MOST_ROUTES) {
    throw cannotRestore(
      `it has ${lost.length} routes there, and at most ${MOST_ROUTES} are put back`,
    );
  }
  return [
    ...raisingCommands(names),
    ...links.filter(({ ifname }) => names.includes(ifname)).flatMap(addressCommands),
    // A gateway can be named only once there is a way to it.
    ...lost.filter(({ gateway }) => gateway === undefined).map(routeCommand),
    ...lost.filter(({ gateway }) => gateway !== undefined).map(routeCommand),
  ];
}

export const raisingCommands = (names: readonly string[]): readonly string[] =>
  names.map((name) => `ip link set dev ${name} up`);

export const loweringCommands = (names: readonly string[]): readonly string[] =>
  names.map((name) => `ip link set dev ${name} down`);

function isLost(route: Route, names: readonly string[]): boolean {
  const through = [route.dev, ...(route.nexthops ?? []).map(({ dev }) => dev)];
  if (!through.some((dev) => dev !== undefined && names.includes(dev))) return false;
  if (route.nexthops === undefined && route.via === undefined) return route.protocol !== "kernel";
  throw cannotRestore(
    `its route to ${route.dst} has several gateways, or one of another family, and is not put back`,
  );
}

/** Learned ones (`dynamic`) are learned again; those of the link itself are made anew. */
const addressCommands = ({ ifname, addr_info: addresses }: Link): readonly string[] =>
  addresses
    .filter((each) => each.family === "inet6" && each.scope === "global" && each.dynamic !== true)
    .map(
      ({ local = "", prefixlen = 128 }) => `ip address replace ${local}/${prefixlen} dev ${ifname}`,
    );

function routeCommand({ dst, gateway, dev = "", prefsrc, metric, flags }: Route): string {
  return [
    `ip route replace ${dst}`,
    ...(gateway === undefined ? [] : [`via ${gateway}`]),
    `dev ${dev}`,
    ...(prefsrc === undefined ? [] : [`src ${prefsrc}`]),
    ...(metric === undefined || metric === 0 ? [] : [`metric ${metric}`]),
    ...(flags?.includes("onlink") === true ? ["onlink"] : []),
  ].join(" ");
}

const cannotRestore = (why: string): OperatingError =>
  new OperatingError(
    "configuration",
    `Cannot cut the node's network as it could not be put back: ${why}`,
  );
