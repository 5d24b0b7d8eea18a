/** Next hops of the kernel's routes, as its tables under /proc/net show them (proc_net(5)). Lines that make no sense are left out. */

/** The route is up, and its next hop is a gateway (linux/route.h). */
const UP_GATEWAY = 0x0003;

/** /proc/net/route: interface, destination, gateway, flags; addresses as the bytes lie in memory of a little-endian machine. */
export const gatewaysOf = (table: string): readonly string[] =>
  table.split("\n").flatMap((line) => {
    const [, , gateway = "", flags = ""] = line.trim().split(/\s+/u);
    if (!/^[0-9A-F]{8}$/iu.test(gateway) || !leadsToGateway(flags)) return [];
    return [Array.from(Buffer.from(gateway, "hex").toReversed()).join(".")];
  });

/** /proc/net/ipv6_route: destination, its length, source, its length, next hop, metric, two counters, flags, interface. */
export const gatewaysOfIpv6 = (table: string): readonly string[] =>
  table.split("\n").flatMap((line) => {
    const [, , , , nextHop = "", , , , flags = ""] = line.trim().split(/\s+/u);
    if (!/^[0-9a-f]{32}$/iu.test(nextHop) || !leadsToGateway(flags)) return [];
    return [(nextHop.match(/.{4}/gu) ?? []).join(":")];
  });

const leadsToGateway = (flags: string): boolean =>
  /^[0-9A-F]{1,8}$/iu.test(flags) && (Number.parseInt(flags, 16) & UP_GATEWAY) === UP_GATEWAY;
