import { OperatingError } from "../../base/errors.ts";
import { milliseconds } from "../../base/time.ts";
import type { IpmiAccess } from "../../model/inventory.ts";
import type { BmcSession, BmcTools, PowerAction, PowerState } from "./bmc-session.ts";
import { cipherSuites } from "./cipher-suite.ts";
import { DatagramExchange } from "./datagram-exchange.ts";
import type { IpmiReply, IpmiRequest } from "./ipmi-message.ts";
import { decodeReply, encodeRequest } from "./ipmi-message.ts";
import type { Exchange } from "./rakp.ts";
import {
  beginExchange,
  LONGEST_PASSWORD,
  LONGEST_USER,
  openRequest,
  rakp1,
  rakp3,
  readOpenResponse,
  readRakp2,
  readRakp4,
} from "./rakp.ts";
import type { SessionKeys } from "./rmcp-packet.ts";
import {
  decodeInSession,
  decodeSetup,
  encodeInSession,
  encodeSetup,
  payloadTypes,
} from "./rmcp-packet.ts";
import { commandRefusal, isPassing } from "./status-codes.ts";
import { uuidReadings } from "./system-uuid.ts";

/** Network functions and commands: IPMI 2.0 appendix G. */
const CHASSIS = 0x00;
const APPLICATION = 0x06;
const GET_CHASSIS_STATUS = 0x01;
const CHASSIS_CONTROL = 0x02;
const GET_SYSTEM_GUID = 0x37;
const SET_SESSION_PRIVILEGE = 0x3b;
const CLOSE_SESSION = 0x3c;
const OPERATOR = 0x03;

/** Chassis control: IPMI 2.0 table 28-4. */
const controls: Readonly<Record<PowerAction, number>> = {
  off: 0,
  on: 1,
  cycle: 2,
  reset: 3,
  soft: 5,
};

/** A busy BMC is asked again so often, this far apart. */
const BUSY_TRIES = 5;
const BUSY_PAUSE = milliseconds(500);

/** Packet numbers have 32 bits and never are zero inside a session; request numbers have 6 bits. */
const LARGEST_PACKET_NUMBER = 2 ** 32 - 1;
const REQUEST_NUMBERS = 64;

interface Command {
  readonly what: string;
  readonly networkFunction: number;
  readonly command: number;
  readonly data: readonly number[];
}

/** What a session talks through. */
type Wire = Pick<DatagramExchange, "ask" | "tell" | "close">;

/** Opens an RMCP+ session with our own client. `connect`: other than over UDP, for tests. */
export async function openRmcpSession(
  access: IpmiAccess,
  tools: BmcTools,
  connect: () => Promise<Wire> = async () =>
    await DatagramExchange.connect(access, tools.clock, tools.signal),
): Promise<BmcSession> {
  const password = await tools.secrets.resolve(access.password);
  demandLength(access.user, LONGEST_USER, "user name");
  demandLength(password, LONGEST_PASSWORD, "password");
  const wire = await connect();
  try {
    const exchange = beginExchange(cipherSuites[access.cipher_suite], access.user, password);
    const session = new RmcpSession(wire, await exchangeKeys(wire, exchange), tools);
    await session.becomeOperator();
    return session;
  } catch (error) {
    wire.close();
    throw error;
  }
}

async function exchangeKeys(wire: Wire, exchange: Exchange): Promise<SessionKeys> {
  const setUp = async <T>(
    type: number,
    payload: Buffer,
    read: (payload: Buffer) => T | null,
  ): Promise<T> =>
    await wire.ask({
      what: "an IPMI session",
      build: () => encodeSetup(type, payload),
      read: (datagram) => {
        const answer = decodeSetup(datagram, type + 1);
        return answer === null ? null : read(answer);
      },
    });
  const bmcId = await setUp(payloadTypes.openRequest, openRequest(exchange), (answer) =>
    readOpenResponse(exchange, answer),
  );
  const bmc = await setUp(payloadTypes.rakp1, rakp1(exchange, bmcId), (answer) =>
    readRakp2(exchange, bmcId, answer),
  );
  return await setUp(payloadTypes.rakp3, rakp3(exchange, bmc), (answer) =>
    readRakp4(exchange, bmc, answer),
  );
}

class RmcpSession implements BmcSession {
  readonly #wire: Wire;
  readonly #keys: SessionKeys;
  readonly #tools: BmcTools;
  /** Of packets: a fresh number for each, repeated requests included. */
  #sent = 0;
  #newest = 0;
  /** Of requests: a repeated one keeps its number, so that a BMC does not act twice. */
  #request = 0;
  #closed = false;

  constructor(wire: Wire, keys: SessionKeys, tools: BmcTools) {
    this.#wire = wire;
    this.#keys = keys;
    this.#tools = tools;
  }

  /** A BMC may answer with a lower privilege than asked for, instead of refusing (22.18). */
  async becomeOperator(): Promise<void> {
    const what = "act as operator on the BMC";
    const granted = await this.#command({
      what,
      networkFunction: APPLICATION,
      command: SET_SESSION_PRIVILEGE,
      data: [OPERATOR],
    });
    if (granted.length < 1) throw tooShort("privilege that was granted", granted);
    if ((granted.readUInt8(0) & 0x0f) < OPERATOR) throw commandRefusal(0xd4, what);
  }

  /** IPMI has no rights on single acts: an operator has them all, which the session is since it was opened. */
  async demand(): Promise<void> {
    await Promise.resolve();
  }

  async power(): Promise<PowerState> {
    const status = await this.#command({
      what: "read the chassis status",
      networkFunction: CHASSIS,
      command: GET_CHASSIS_STATUS,
      data: [],
    });
    if (status.length < 1) throw tooShort("chassis status", status);
    return (status.readUInt8(0) & 1) === 1 ? "on" : "off";
  }

  async control(action: PowerAction): Promise<void> {
    await this.#command({
      what: `request power ${action}`,
      networkFunction: CHASSIS,
      command: CHASSIS_CONTROL,
      data: [controls[action]],
    });
  }

  async systemUuids(): Promise<readonly string[]> {
    const guid = await this.#command({
      what: "read the system GUID",
      networkFunction: APPLICATION,
      command: GET_SYSTEM_GUID,
      data: [],
    });
    if (guid.length < 16) throw tooShort("system GUID", guid);
    return uuidReadings(guid.subarray(0, 16));
  }

  /** Tells the BMC, as its sessions are few, but awaits no answer: without it the session ends by the BMC's own timeout. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const request = this.#numbered({
      what: "close the session",
      networkFunction: APPLICATION,
      command: CLOSE_SESSION,
      data: [...this.#keys.bmcId],
    });
    await this.#wire.tell(this.#packet(encodeRequest(request)));
    this.#wire.close();
  }

  async #command(command: Command): Promise<Buffer> {
    for (let attempt = 1; ; attempt++) {
      const reply = await this.#once(this.#numbered(command), `an answer to "${command.what}"`);
      if (reply.completionCode === 0) return reply.data;
      if (command.command === SET_SESSION_PRIVILEGE && [0x80, 0x81].includes(reply.completionCode))
        throw commandRefusal(0xd4, command.what);
      if (!isPassing(reply.completionCode) || attempt >= BUSY_TRIES) {
        throw commandRefusal(reply.completionCode, command.what);
      }
      await this.#tools.clock.sleep(BUSY_PAUSE, this.#tools.signal);
    }
  }

  async #once(request: IpmiRequest, what: string): Promise<IpmiReply> {
    const message = encodeRequest(request);
    return await this.#wire.ask({
      what,
      build: () => this.#packet(message),
      read: (datagram) => {
        const inside = decodeInSession(this.#keys, datagram);
        // A packet that is not newer than the last one taken is a replay.
        if (inside === null || inside.sequence <= this.#newest) return null;
        const reply = decodeReply(inside.message, request);
        if (reply !== null) this.#newest = inside.sequence;
        return reply;
      },
    });
  }

  #packet(message: Buffer): Buffer {
    this.#sent = (this.#sent % LARGEST_PACKET_NUMBER) + 1;
    return encodeInSession(this.#keys, this.#sent, message);
  }

  #numbered({ networkFunction, command, data }: Command): IpmiRequest {
    this.#request = (this.#request + 1) % REQUEST_NUMBERS;
    return { networkFunction, command, data, sequence: this.#request };
  }
}

function demandLength(text: string, most: number, what: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > 0 && bytes <= most) return;
  throw new OperatingError(
    "configuration",
    `Cannot open an IPMI session as the ${what} of the BMC must have 1 to ${most} bytes: its length is ${bytes}`,
  );
}

const tooShort = (what: string, data: Buffer): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot read the ${what} as the BMC's answer is cut short: its length is ${data.length} bytes`,
  );
