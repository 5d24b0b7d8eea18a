import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";

/**
 * A BMC written from the IPMI 2.0 specification for these tests alone, sharing no line with the client. It can be told
 * to lose packets, to be busy, to be silent, and to forge.
 */
export interface MiniBmc {
  readonly port: number;
  power: boolean;
  /** Chassis controls in order of arrival, repeated requests recognised and not counted. */
  readonly acts: number[];
  /** Requests and answers to lose: called with a running number of datagrams received. */
  lose: (count: number) => "request" | "answer" | "none";
  /** Completion code of the next commands; 0 for as many as are not listed. */
  readonly completion: number[];
  /** Sent before each true answer. */
  noise: (answer: Buffer) => readonly Buffer[];
  silent: boolean;
  received: number;
  /** Of an answer inside the session, before it is encrypted and signed: what a BMC may say that lies. */
  twist: (message: Buffer) => Buffer;
  /** As if the datagram had come over the network: null is silence. */
  answer: (datagram: Buffer) => Buffer | null;
  close(): Promise<void>;
}

const SHA1 = { name: "sha1", check: 12, algorithms: [1, 1, 1] };
const SHA256 = { name: "sha256", check: 16, algorithms: [3, 4, 1] };

const setup = (type: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(16);
  head.set([6, 0, 0xff, 7, 6, type]);
  head.writeUInt16LE(payload.length, 14);
  return Buffer.concat([head, payload]);
};

const sum = (bytes: Iterable<number>): number =>
  (256 - ([...bytes].reduce((a, b) => a + b, 0) % 256)) % 256;

export async function startMiniBmc(options: {
  user: string;
  password: string;
  suites: readonly (3 | 17)[];
  /** 2 user, 3 operator, 4 administrator. */
  privilege?: number;
  /** What it says that it has granted, whatever was asked for. */
  granted?: number;
  guid?: Buffer;
  /** Default: yes. */
  listen?: boolean;
}): Promise<MiniBmc> {
  const guid = options.guid ?? randomBytes(16);
  const key = Buffer.alloc(20);
  Buffer.from(options.password).copy(key);
  const socket = createSocket("udp4");
  let session: {
    suite: typeof SHA1;
    console: Buffer;
    own: Buffer;
    remoteRandom: Buffer;
    random: Buffer;
    role: Buffer;
    k1: Buffer;
    k2: Buffer;
    sequence: number;
  } | null = null;
  const answered = new Map<number, { command: number; at: number; reply: Buffer }>();

  const bmc: MiniBmc = {
    port: 0,
    power: true,
    acts: [],
    lose: () => "none",
    completion: [],
    noise: () => [],
    silent: false,
    received: 0,
    twist: (message) => message,
    answer,
    close: async () => {
      await new Promise<void>((resolve) => {
        socket.close(() => resolve());
      });
    },
  };
  const mac = (suite: typeof SHA1, secret: Buffer, ...parts: Buffer[]): Buffer =>
    createHmac(suite.name, secret).update(Buffer.concat(parts)).digest();

  function open(payload: Buffer): Buffer {
    const asked = [payload.readUInt8(12), payload.readUInt8(20), payload.readUInt8(28)];
    const console = Buffer.from(payload.subarray(4, 8));
    const suite = [SHA1, SHA256].find(
      (each) =>
        options.suites.includes(each === SHA1 ? 3 : 17) &&
        each.algorithms.every((algorithm, index) => algorithm === asked[index]),
    );
    if (suite === undefined)
      return Buffer.concat([Buffer.from([payload[0] ?? 0, 0x11, 0, 0]), console]);
    session = {
      suite,
      console,
      own: randomBytes(4),
      remoteRandom: Buffer.alloc(16),
      random: randomBytes(16),
      role: Buffer.alloc(0),
      k1: Buffer.alloc(0),
      k2: Buffer.alloc(0),
      sequence: 0,
    };
    answered.clear();
    return Buffer.concat([
      Buffer.from([payload[0] ?? 0, 0, 4, 0]),
      console,
      session.own,
      ...suite.algorithms.map((algorithm, kind) =>
        Buffer.from([kind, 0, 0, 8, algorithm, 0, 0, 0]),
      ),
    ]);
  }

  function rakp1(payload: Buffer): Buffer | null {
    if (session === null || !session.own.equals(payload.subarray(4, 8))) return null;
    const user = payload.subarray(28, 28 + payload.readUInt8(27));
    session.remoteRandom = Buffer.from(payload.subarray(8, 24));
    session.role = Buffer.concat([payload.subarray(24, 25), payload.subarray(27, 28), user]);
    const refuse = (code: number, console: Buffer): Buffer =>
      Buffer.concat([Buffer.from([payload[0] ?? 0, code, 0, 0]), console]);
    if (user.toString() !== options.user) return refuse(0x0d, session.console);
    if ((payload.readUInt8(24) & 0xf) > (options.privilege ?? 4))
      return refuse(0x09, session.console);
    const { suite, console, own, remoteRandom, random, role } = session;
    const code = mac(suite, key, console, own, remoteRandom, random, guid, role);
    return Buffer.concat([Buffer.from([payload[0] ?? 0, 0, 0, 0]), console, random, guid, code]);
  }

  function rakp3(payload: Buffer): Buffer | null {
    if (session === null) return null;
    const { suite, console, own, remoteRandom, random, role } = session;
    const right = mac(suite, key, random, console, role).equals(payload.subarray(8));
    if (!right) return Buffer.concat([Buffer.from([payload[0] ?? 0, 0x0f, 0, 0]), console]);
    const sik = mac(suite, key, remoteRandom, random, role);
    session.k1 = mac(suite, sik, Buffer.alloc(20, 1));
    session.k2 = mac(suite, sik, Buffer.alloc(20, 2)).subarray(0, 16);
    const check = mac(suite, sik, remoteRandom, own, guid).subarray(0, suite.check);
    return Buffer.concat([Buffer.from([payload[0] ?? 0, 0, 0, 0]), console, check]);
  }

  function act(networkFunction: number, command: number, data: Buffer): number[] {
    const code = bmc.completion.shift() ?? 0;
    if (code !== 0) return [code];
    switch (`${networkFunction}/${command}`) {
      case "6/59":
        return [0, options.granted ?? 3];
      case "6/60":
        return [0];
      case "6/55":
        return [0, ...guid];
      case "0/1":
        return [0, bmc.power ? 1 : 0, 0, 0];
      case "0/2":
        bmc.acts.push(data[0] ?? -1);
        bmc.power = data[0] !== 0;
        return [0];
      default:
        return [0xc1];
    }
  }

  function inside(datagram: Buffer): Buffer | null {
    if (session === null || !session.own.equals(datagram.subarray(6, 10))) return null;
    const { suite, k1, k2, console } = session;
    const signed = datagram.subarray(4, -suite.check);
    if (!mac(suite, k1, signed).subarray(0, suite.check).equals(datagram.subarray(-suite.check))) {
      return null;
    }
    const payload = datagram.subarray(16, 16 + datagram.readUInt16LE(14));
    const opener = createDecipheriv("aes-128-cbc", k2, payload.subarray(0, 16)).setAutoPadding(
      false,
    );
    const clear = Buffer.concat([opener.update(payload.subarray(16)), opener.final()]);
    const message = clear.subarray(0, clear.length - 1 - (clear.at(-1) ?? 0));
    const networkFunction = message.readUInt8(1) >> 2;
    const command = message.readUInt8(5);
    const number = message.readUInt8(4) >> 2;
    const known = answered.get(number);
    const body =
      known !== undefined && known.command === command && bmc.received - known.at < 16
        ? known.reply
        : Buffer.from(act(networkFunction, command, message.subarray(6, -1)));
    answered.set(number, { command, at: bmc.received, reply: body });
    const head = [0x81, (networkFunction + 1) << 2];
    const tail = [0x20, number << 2, command, ...body];
    const reply = bmc.twist(Buffer.from([...head, sum(head), ...tail, sum(tail)]));
    const pad = (16 - ((reply.length + 1) % 16)) % 16;
    const filled = Buffer.from([...reply, ...Array.from({ length: pad }, (_, at) => at + 1), pad]);
    const vector = randomBytes(16);
    const closer = createCipheriv("aes-128-cbc", k2, vector).setAutoPadding(false);
    const secret = Buffer.concat([vector, closer.update(filled), closer.final()]);
    session.sequence += 1;
    const top = Buffer.alloc(12);
    top.set([6, 0xc0]);
    console.copy(top, 2);
    top.writeUInt32LE(session.sequence, 6);
    top.writeUInt16LE(secret.length, 10);
    const rest = (4 - ((12 + secret.length + 2) % 4)) % 4;
    const toSign = Buffer.concat([top, secret, Buffer.alloc(rest, 0xff), Buffer.from([rest, 7])]);
    const check = mac(suite, k1, toSign).subarray(0, suite.check);
    return Buffer.concat([Buffer.from([6, 0, 0xff, 7]), toSign, check]);
  }

  function answer(datagram: Buffer): Buffer | null {
    const payload = datagram.subarray(16);
    const wrap = (type: number, reply: Buffer | null): Buffer | null =>
      reply === null ? null : setup(type, reply);
    if (datagram[5] === 0x10) return setup(0x11, open(payload));
    if (datagram[5] === 0x12) return wrap(0x13, rakp1(payload));
    if (datagram[5] === 0x14) return wrap(0x15, rakp3(payload));
    return datagram[5] === 0xc0 ? inside(datagram) : null;
  }

  socket.on("message", (datagram, from) => {
    if (bmc.silent) return;
    bmc.received += 1;
    const fate = bmc.lose(bmc.received);
    if (fate === "request") return;
    const reply = answer(datagram);
    if (reply === null || fate === "answer") return;
    for (const each of [...bmc.noise(reply), reply]) socket.send(each, from.port, from.address);
  });
  if (options.listen === false) return bmc;
  await new Promise<void>((resolve) => {
    socket.bind(0, "127.0.0.1", resolve);
  });
  Object.assign(bmc, { port: socket.address().port });
  return bmc;
}
