import { describe, expect, it } from "vitest";
import { readLinks, readRoutes } from "../../../src/faults/network/links.ts";
import { restoringCommands } from "../../../src/faults/network/restoring.ts";
import { card } from "../fake-system.ts";

const restoring = (names: string[], routes: object[], links: object[] = []) =>
  restoringCommands(names, readLinks(JSON.stringify(links)), readRoutes(JSON.stringify(routes)));

describe("what brings links back", () => {
  it("takes them up and puts back the routes that the kernel does not make anew, ways to gateways first", () => {
    const routes = [
      { dst: "default", gateway: "10.0.0.1", dev: "eth0", flags: [] },
      {
        dst: "10.2.0.0/16",
        gateway: "10.1.0.9",
        dev: "eth1",
        protocol: "dhcp",
        prefsrc: "10.1.0.5",
        metric: 100,
        flags: ["onlink"],
      },
      { dst: "10.0.0.0/24", dev: "eth0", protocol: "kernel", scope: "link", flags: [] },
      { dst: "10.3.0.0/24", dev: "eth0", protocol: "static", scope: "link", flags: [] },
      { dst: "10.4.0.0/24", gateway: "10.9.0.1", dev: "eth9", flags: [] },
      { dst: "10.5.0.0/24", nexthops: [{ gateway: "10.9.0.1", dev: "eth9" }], flags: [] },
      { type: "blackhole", dst: "10.6.0.0/26", flags: [] },
    ];
    expect(restoring(["eth0", "eth1"], routes)).toEqual([
      "ip link set dev eth0 up",
      "ip link set dev eth1 up",
      "ip route replace 10.3.0.0/24 dev eth0",
      "ip route replace default via 10.0.0.1 dev eth0",
      "ip route replace 10.2.0.0/16 via 10.1.0.9 dev eth1 src 10.1.0.5 metric 100 onlink",
    ]);
  });

  it("puts back IPv6 addresses, which the kernel forgets, but not learned ones", () => {
    const link = card("eth0", ["10.0.0.5/24", "2001:db8::5/64"]);
    const learned = {
      family: "inet6",
      local: "2001:db8::77",
      prefixlen: 64,
      scope: "global",
      dynamic: true,
    };
    const own = { family: "inet6", local: "fe80::1", prefixlen: 64, scope: "link" };
    const seen = "addr_info" in link && Array.isArray(link.addr_info) ? link.addr_info : [];
    const links = [
      { ...link, addr_info: [...seen, learned, own] },
      card("eth1", ["2001:db8:1::5/64"]),
    ];
    expect(restoring(["eth0"], [], links)).toEqual([
      "ip link set dev eth0 up",
      "ip address replace 2001:db8::5/64 dev eth0",
    ]);
  });

  it("is refused where it would not be as before", () => {
    const many = Array.from({ length: 65 }, (_, index) => ({
      dst: `10.1.${index}.0/24`,
      gateway: "10.0.0.1",
      dev: "eth0",
    }));
    expect(() => restoring(["eth0"], many)).toThrow(/65 routes/u);
    const several = [
      {
        dst: "default",
        nexthops: [
          { gateway: "10.0.0.1", dev: "eth0" },
          { gateway: "10.9.0.1", dev: "eth9" },
        ],
      },
    ];
    expect(() => restoring(["eth0"], several)).toThrow(/several gateways/u);
    const foreign = [{ dst: "default", via: { family: "inet6", host: "fe80::1" }, dev: "eth0" }];
    expect(() => restoring(["eth0"], foreign)).toThrow(/another family/u);
  });
});
