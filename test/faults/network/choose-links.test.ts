import { describe, expect, it } from "vitest";
import { chooseLinks, linksNamed } from "../../../src/faults/network/choose-links.ts";
import { readLinks, readRoutes } from "../../../src/faults/network/links.ts";
import { card, lo, madeUp } from "../fake-system.ts";

const choose = (cut: string, links: object[], routes: object[] = []) =>
  chooseLinks(cut, readLinks(JSON.stringify(links)), readRoutes(JSON.stringify(routes)));
const down = { flags: ["BROADCAST", "MULTICAST"] };

/** A PVE node: a bridge over a bond of two cards, a VLAN on the bridge, a card of its own for corosync, guests. */
const proxmox = [
  lo,
  card("eno1", [], { master: "bond0", linkinfo: { info_slave_kind: "bond" } }),
  card("eno2", [], { master: "bond0", linkinfo: { info_slave_kind: "bond" } }),
  card("eno3", ["10.10.0.5/24"]),
  card("eno4", [], down),
  card("bond0", [], {
    master: "vmbr0",
    linkinfo: { info_kind: "bond", info_slave_kind: "bridge" },
  }),
  card("vmbr0", ["192.168.1.5/24", "fd00:1::5/64"], madeUp("bridge")),
  card("vmbr0.7", ["10.7.0.5/24"], { ...madeUp("vlan"), link: "vmbr0" }),
  card("vmbr9", ["10.9.0.1/24"], madeUp("bridge")),
  card("tap100i0", [], { master: "vmbr0", ...madeUp("tun") }),
  card("fwpr100p0", [], { master: "vmbr9", ...madeUp("veth") }),
  card("ovs0", ["10.8.0.1/24"], madeUp("openvswitch")),
];

describe("the links of a cut", () => {
  it("are all physical ones that are up", () => {
    expect(choose("all", proxmox)).toEqual(["eno1", "eno2", "eno3"]);
  });

  it("are those that lead elsewhere where there is no physical one, and never lo", () => {
    const container = [
      lo,
      card("eth0", ["172.17.0.5/16"], madeUp("veth")),
      card("eth1", [], madeUp("veth")),
      card("eth2", [], madeUp("veth")),
      card("cni0", ["10.1.1.1/32"], madeUp("bridge")),
      card("six0", ["fd00::1/64"], madeUp("wireguard")),
      card("dead0", ["10.2.0.1/24"], { ...madeUp("veth"), ...down }),
    ];
    const routes = [
      { dst: "default", gateway: "172.17.0.1", dev: "eth0", flags: [] },
      { dst: "10.3.0.0/16", gateway: "10.4.0.1", dev: "eth1", flags: [] },
      { dst: "10.5.0.0/16", dev: "eth2", scope: "link", flags: [] },
    ];
    expect(choose("all", container, routes)).toEqual(["eth0", "eth1", "six0"]);
    expect(() => choose("all", [lo])).toThrow(/none of the links/u);
  });

  it("are the one that is named, if it is there and up", () => {
    expect(choose("eno3", proxmox)).toEqual(["eno3"]);
    expect(choose("vmbr0", proxmox)).toEqual(["vmbr0"]);
    expect(() => choose("eno9", proxmox)).toThrow(/no such link: it has eno1, eno2/u);
    expect(() => choose("eno4", proxmox)).toThrow(/none of the links that it names is up/u);
    expect(() => choose("lo", proxmox)).toThrow(/none of the links/u);
  });

  it("are the physical ports below the address of a network", () => {
    expect(choose("10.10.0.0/24", proxmox)).toEqual(["eno3"]);
    expect(choose("192.168.0.0/16", proxmox)).toEqual(["eno1", "eno2"]);
    expect(choose("fd00:1::/64", proxmox)).toEqual(["eno1", "eno2"]);
    expect(choose("10.7.0.0/24", proxmox)).toEqual(["eno1", "eno2"]);
    expect(choose("172.17.0.0/16", [lo, card("eth0", ["172.17.0.5/16"], madeUp("veth"))])).toEqual([
      "eth0",
    ]);
  });

  it("are refused where no port can be found, or no address lies in the network", () => {
    expect(() => choose("10.9.0.0/24", proxmox)).toThrow(/vmbr9 \(bridge\), whose physical ports/u);
    expect(() => choose("10.8.0.0/24", proxmox)).toThrow(/ovs0 \(openvswitch\)/u);
    expect(() => choose("10.99.0.0/24", proxmox)).toThrow(/no address of the node lies in it/u);
    for (const cut of ["10.0.0/24", "10.0.0.0/33", "10.0.0.0/x", "a/b"]) {
      expect(() => choose(cut, proxmox)).toThrow(/no network address/u);
    }
    expect(() => choose("127.0.0.0/8", proxmox)).toThrow(/none of the links/u);
  });

  it("are known again by another process when they are down, but for all", () => {
    const cut = proxmox.map((link) =>
      "ifname" in link && link.ifname === "eno3" ? { ...link, ...down } : link,
    );
    const links = readLinks(JSON.stringify(cut));
    expect(linksNamed("10.10.0.0/24", links)).toEqual(["eno3"]);
    expect(linksNamed("eno3", links)).toEqual(["eno3"]);
    expect(linksNamed("all", links)).toEqual([]);
  });
});

describe("what a node says of its links", () => {
  it("is read as iproute2 prints it, empty objects of older releases included", () => {
    expect(readLinks(JSON.stringify([{}, lo, {}])).map(({ ifname }) => ifname)).toEqual(["lo"]);
    expect(readRoutes("")).toEqual([]);
    expect(readRoutes('[{"type":"blackhole","dst":"10.1.0.0/26","flags":[]}]')).toHaveLength(1);
  });

  it.each([
    ["no JSON", "Command not found"],
    ["a name that would be a command", JSON.stringify([card("a;reboot")])],
    ["a name with a quote", JSON.stringify([card("a'b")])],
    ["an address that is none", JSON.stringify([card("eth0", ["$(reboot)/24"])])],
  ])("is refused when it is %s", (_what, text) => {
    expect(() => readLinks(text)).toThrow(/not of the expected form/u);
  });

  it("is refused when a route would be a command", () => {
    for (const bad of [
      { dst: "`x`" },
      { dst: "default", gateway: "1;2" },
      { dst: "default", dev: "a b" },
    ]) {
      expect(() => readRoutes(JSON.stringify([bad]))).toThrow(/not of the expected form/u);
    }
  });
});
