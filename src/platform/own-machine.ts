import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import type { OwnMachine } from "../model/own-machine.ts";
import { gatewaysOf, gatewaysOfIpv6 } from "./gateways.ts";

/** A router of the internet has a million routes; whoever runs this has few next hops. */
const MOST_GATEWAYS = 64;

/** Reads what tells this machine from the nodes of a cluster, and what it hangs on. Never rejects. */
export async function readOwnMachine(): Promise<OwnMachine> {
  const gateways = [
    ...gatewaysOf((await readText("/proc/net/route")) ?? ""),
    ...gatewaysOfIpv6((await readText("/proc/net/ipv6_route")) ?? ""),
  ];
  return {
    boot_id: await readText("/proc/sys/kernel/random/boot_id"),
    machine_id: await readText("/etc/machine-id"),
    addresses: Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal }) => !internal)
      .map(({ address }) => address),
    gateways: [...new Set(gateways)].slice(0, MOST_GATEWAYS),
    login_from: loginFrom(process.env),
  };
}

/** The client's address is the first word of what sshd puts there (sshd(8), "LOGIN PROCESS" and ssh(1), "ENVIRONMENT"). */
export function loginFrom(
  environment: Readonly<Record<string, string | undefined>>,
): string | null {
  const words = environment["SSH_CONNECTION"] ?? environment["SSH_CLIENT"] ?? "";
  const [address = ""] = words.trim().split(/\s+/u);
  return address === "" ? null : address;
}

/** Null where there is no such file, or nothing in it. */
async function readText(path: string): Promise<string | null> {
  try {
    const text = (await readFile(path, "utf8")).trim();
    return text === "" ? null : text;
  } catch {
    return null;
  }
}
