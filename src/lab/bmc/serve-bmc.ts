import type { Socket } from "node:dgram";
import { createSocket } from "node:dgram";
import { OperatingError } from "../../base/errors.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { LabMachine } from "../machine.ts";
import type { Credentials } from "./accounts.ts";
import { bmcAccounts } from "./accounts.ts";
import type { Bmc } from "./answer-datagram.ts";
import { answerDatagram } from "./answer-datagram.ts";
import { Chassis } from "./chassis.ts";
import { SessionTable } from "./session-table.ts";

export interface RunningBmc {
  /** The BMC hangs: it stays silent and forgets its sessions. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Longer than any request of IPMI. */
const MAXIMUM_DATAGRAM = 1024;

/**
 * A node's BMC, one of its two languages: IPMI 2.0 over UDP (RMCP+), cipher suites 3 and 17, written from the specification (v2.0 rev. 1.1, to
 * which the section numbers in this folder refer). It lives on when the machine that it belongs to is off.
 */
// oxlint-disable-next-line max-params -- where it is, whose it is, who may use it, and the clock
export async function serveBmc(
  address: string,
  port: number,
  machine: LabMachine,
  credentials: Credentials,
  { clock }: { readonly clock: Clock },
): Promise<RunningBmc> {
  const chassis = new Chassis(machine, clock);
  const bmc: Bmc = {
    chassis,
    guid: chassis.guid,
    sessions: new SessionTable(clock),
    accounts: bmcAccounts(credentials),
  };
  let hangs = false;
  const socket = createSocket("udp4");
  socket.on("message", (datagram, sender) => {
    if (hangs || datagram.length > MAXIMUM_DATAGRAM) return;
    const answer = answerDatagram(datagram, bmc);
    if (answer !== null) socket.send(answer, sender.port, sender.address, () => undefined);
  });
  await bind(socket, address, port);
  return {
    stop: async () => {
      hangs = true;
      bmc.sessions.clear();
      await Promise.resolve();
    },
    start: async () => {
      hangs = false;
      await Promise.resolve();
    },
    close: async () => {
      chassis.unplug();
      await new Promise<void>((resolve) => {
        socket.close(() => resolve());
      });
    },
  };
}

async function bind(socket: Socket, address: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (error) => {
      reject(
        new OperatingError(
          "environment",
          `Cannot serve a BMC on ${address}:${port} as the port cannot be taken: ${error.message}`,
          { facts: { address, port }, cause: error },
        ),
      );
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners("error");
      socket.on("error", () => undefined);
      resolve();
    });
  });
}
