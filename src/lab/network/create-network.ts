import { randomInt } from "node:crypto";
import type { Server } from "node:net";
import { createServer } from "node:net";
import { OperatingError } from "../../base/errors.ts";
import { assert } from "../../base/assert.ts";
import type { Clock } from "../../contracts/clock.ts";
import { LoopbackHost } from "./lab-host.ts";
import type { LabHost, LabNetwork } from "./network.ts";

/** 127.A.B.0/24 with A in 64..126: far from what people use, and all of it is this machine on Linux. */
const FIRST_SECOND_OCTET = 64;
const LAST_SECOND_OCTET = 126;
const TRIES = 50;
/** A lab that holds this port on the last address of a /24 owns the /24. */
const CLAIM = { host: 254, port: 59_595 } as const;
const MAXIMUM_HOSTS = 250;

/** A network of its own in 127.0.0.0/8, which no other lab on this machine uses. */
export async function createLabNetwork(clock: Clock): Promise<LabNetwork> {
  const { prefix, claim } = await claimSubnet();
  const hosts: LoopbackHost[] = [];
  return {
    addHost: async (name: string): Promise<LabHost> => {
      assert(hosts.length < MAXIMUM_HOSTS, `a lab network holds ${MAXIMUM_HOSTS} machines`);
      const host = new LoopbackHost(name, `${prefix}.${hosts.length + 1}`, clock);
      hosts.push(host);
      return await Promise.resolve(host);
    },
    close: async () => {
      await Promise.all(hosts.map(async (host) => await host.close()));
      claim.close();
    },
  };
}

async function claimSubnet(): Promise<{ prefix: string; claim: Server }> {
  let failure: unknown;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const prefix = `127.${randomInt(FIRST_SECOND_OCTET, LAST_SECOND_OCTET + 1)}.${randomInt(256)}`;
    try {
      return { prefix, claim: await listenOn(`${prefix}.${CLAIM.host}`, CLAIM.port) };
    } catch (error) {
      failure = error;
    }
  }
  throw new OperatingError(
    "environment",
    "Cannot start the lab as no loopback address can be taken in 127.64.0.0 - 127.126.255.255. " +
      "The lab needs Linux, where the whole of 127.0.0.0/8 is this machine; elsewhere add loopback aliases.",
    { cause: failure },
  );
}

async function listenOn(host: string, port: number): Promise<Server> {
  return await new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", reject);
      server.unref();
      resolve(server);
    });
  });
}
