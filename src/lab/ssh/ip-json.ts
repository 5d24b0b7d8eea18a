import { createHash } from "node:crypto";
import type { LabLink, LabMachine } from "../machine.ts";
import type { RouteTable } from "./route-table.ts";

/** 2^32 - 1 seconds mean "for ever". */
const FOREVER = 4_294_967_295;

/** What `ip -details -json address show` of iproute2 6.1 prints: `lo`, then the links, which are all physical. */
export const addressJson = (machine: LabMachine): string =>
  `${JSON.stringify([loopback, ...machine.links().map((link, index) => ethernet(link, index, machine))])}\n`;

/** What `ip -json route show` prints: default routes first, then what the kernel knows from the addresses. */
export function routeJson(machine: LabMachine, table: RouteTable): string {
  const links = machine.links();
  const defaults = links
    .filter((link) => table.hasDefault(link))
    .map(({ name, gateway }) => ({
      dst: "default",
      gateway,
      dev: name,
      protocol: "static",
      flags: [],
    }));
  const own = links
    .filter((link) => link.up)
    .map((link) => {
      const { network, address, prefixLength } = ipv4Of(link);
      return {
        dst: `${network}/${prefixLength}`,
        dev: link.name,
        protocol: "kernel",
        scope: "link",
        prefsrc: address,
        flags: [],
      };
    });
  return `${JSON.stringify([...defaults, ...own])}\n`;
}

/** An IPv4 address of a link, and what follows from its prefix length. */
function ipv4Of(link: LabLink): {
  readonly address: string;
  readonly prefixLength: number;
  readonly network: string;
  readonly broadcast: string;
} {
  const [address = "", length = "32"] = link.address.split("/");
  const prefixLength = Number(length);
  const host = 2 ** (32 - prefixLength);
  const network = Math.floor(numberOf(address) / host) * host;
  return {
    address,
    prefixLength,
    network: dotted(network),
    broadcast: dotted(network + host - 1),
  };
}

/** Whether an address lies in the network of a link. */
export const isWithin = (address: string, link: LabLink): boolean =>
  ipv4Of({ ...link, address: `${address}/${ipv4Of(link).prefixLength}` }).network ===
  ipv4Of(link).network;

const numberOf = (address: string): number =>
  address.split(".").reduce((total, part) => total * 256 + Number(part), 0);

const dotted = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

const common = { group: "default", txqlen: 1000, promiscuity: 0, allmulti: 0, num_tx_queues: 1 };
const offload = {
  num_rx_queues: 1,
  gso_max_size: 65_536,
  gso_max_segs: 65_535,
  tso_max_size: 65_536,
  tso_max_segs: 65_535,
  gro_max_size: 65_536,
};
const lifetime = { valid_life_time: FOREVER, preferred_life_time: FOREVER };

const loopback = {
  ifindex: 1,
  ifname: "lo",
  flags: ["LOOPBACK", "UP", "LOWER_UP"],
  mtu: 65_536,
  qdisc: "noqueue",
  operstate: "UNKNOWN",
  ...common,
  link_type: "loopback",
  address: "00:00:00:00:00:00",
  broadcast: "00:00:00:00:00:00",
  min_mtu: 0,
  max_mtu: 0,
  ...offload,
  addr_info: [
    { family: "inet", local: "127.0.0.1", prefixlen: 8, scope: "host", label: "lo", ...lifetime },
    { family: "inet6", local: "::1", prefixlen: 128, scope: "host", ...lifetime },
  ],
};

const ethernet = (link: LabLink, index: number, machine: LabMachine): object => {
  const { address, prefixLength, broadcast } = ipv4Of(link);
  return {
    ifindex: index + 2,
    ifname: link.name,
    flags: ["BROADCAST", "MULTICAST", ...(link.up ? ["UP", "LOWER_UP"] : [])],
    mtu: 1500,
    qdisc: "mq",
    operstate: link.up ? "UP" : "DOWN",
    ...common,
    link_type: "ether",
    address: hardwareAddress(`${machine.uuid} ${link.name}`),
    broadcast: "ff:ff:ff:ff:ff:ff",
    min_mtu: 68,
    max_mtu: 9000,
    ...offload,
    parentbus: "pci",
    parentdev: `0000:0${index + 1}:00.0`,
    addr_info: [
      {
        family: "inet",
        local: address,
        prefixlen: prefixLength,
        broadcast,
        scope: "global",
        label: link.name,
        ...lifetime,
      },
    ],
  };
};

/** The same at every look; the first byte says "made up by software" (IEEE 802, 8.2.2). */
const hardwareAddress = (seed: string): string => {
  const digits = createHash("sha256").update(seed).digest("hex").slice(0, 10);
  return ["02", ...(digits.match(/../g) ?? [])].join(":");
};
