import { AttemptFailure, Nonsense } from "../attempt-failure.ts";
import { brief } from "../failure-of.ts";
import type { ScreenSize } from "../frame-places.ts";
import type { ByteReader } from "../rfb/byte-reader.ts";
import { answerChallenge, CHALLENGE_BYTES } from "../rfb/vnc-authentication.ts";
import type { Pipe } from "./websocket.ts";

/** What ServerInit says. */
export interface ServerInit {
  readonly screen: ScreenSize;
  readonly name: string;
  /** As it came. */
  readonly init: Buffer;
}

type Version = "003.003" | "003.007" | "003.008";

const VERSION_BYTES = 12;
const SERVER_INIT_BYTES = 24;
const LONGEST_NAME_BYTES = 1024;
const LONGEST_REASON_BYTES = 4096;
const NONE = 1;
const VNC_AUTHENTICATION = 2;
/** A security result that came before reasons did, and that some servers still send. */
const TOO_MANY_FAILURES = 2;
const SHARED = Buffer.from([1]);

/**
 * RFC 6143 from the version to ServerInit: security None or VNC authentication, and the session shared, so that nobody
 * else is thrown out. Once begun it is never left before authentication is over, but by the attempt's deadline.
 */
export async function shakeHands(pipe: Pipe, password: string | null): Promise<ServerInit> {
  const version = await agreeOnVersion(pipe);
  const security =
    version === "003.003"
      ? await givenSecurity(pipe.input)
      : await chosenSecurity(pipe, password !== null);
  if (security === VNC_AUTHENTICATION) await authenticate(pipe, password);
  if (security === VNC_AUTHENTICATION || version === "003.008") {
    await expectAdmission(pipe.input, version);
  }
  pipe.send(SHARED);
  return await readServerInit(pipe.input);
}

/** Whatever is newer than 3.8 (Apple's 3.889, RealVNC's 4.x and 5.x) speaks 3.8; unknown older ones count as 3.3. */
async function agreeOnVersion(pipe: Pipe): Promise<Version> {
  const banner = (await pipe.input.read(VERSION_BYTES)).toString("latin1");
  const [, major, minor] = /^RFB (\d{3})\.(\d{3})\n$/.exec(banner) ?? [];
  if (major === undefined || minor === undefined || Number(major) < 3) {
    throw new Nonsense(`a greeting that is not RFB's: ${brief(JSON.stringify(banner))}`);
  }
  const version = Number(major) > 3 ? "003.008" : versionFor(Number(minor));
  pipe.send(Buffer.from(`RFB ${version}\n`, "latin1"));
  return version;
}

function versionFor(minor: number): Version {
  if (minor >= 8) return "003.008";
  return minor === 7 ? "003.007" : "003.003";
}

/** In 3.3 the server decides. */
async function givenSecurity(input: ByteReader): Promise<number> {
  const type = await input.readUInt32();
  if (type === 0) throw await turnedAway(input);
  if (type !== NONE && type !== VNC_AUTHENTICATION) throw unsupported([type]);
  return type;
}

async function chosenSecurity(pipe: Pipe, hasPassword: boolean): Promise<number> {
  const count = await pipe.input.readByte();
  if (count === 0) throw await turnedAway(pipe.input);
  const offered = [...(await pipe.input.read(count))];
  const wanted = hasPassword ? [VNC_AUTHENTICATION, NONE] : [NONE, VNC_AUTHENTICATION];
  const type = wanted.find((each) => offered.includes(each));
  if (type === undefined) throw unsupported(offered);
  pipe.send(Buffer.from([type]));
  return type;
}

async function authenticate(pipe: Pipe, password: string | null): Promise<void> {
  if (password === null) {
    throw rfbFailure("the desktop asks for a VNC password and none is configured", "not-admitted");
  }
  const challenge = await pipe.input.read(CHALLENGE_BYTES);
  pipe.send(answerChallenge(challenge, password));
}

async function expectAdmission(input: ByteReader, version: Version): Promise<void> {
  const result = await input.readUInt32();
  if (result === 0) return;
  const reason = version === "003.008" ? await readReason(input) : `security result ${result}`;
  const refusal = result === TOO_MANY_FAILURES ? "locked-out" : refusalIn(reason);
  throw rfbFailure(`authentication failed: ${reason}`, refusal ?? "not-admitted");
}

async function readServerInit(input: ByteReader): Promise<ServerInit> {
  const fixed = await input.read(SERVER_INIT_BYTES);
  const length = fixed.readUInt32BE(SERVER_INIT_BYTES - 4);
  if (length > LONGEST_NAME_BYTES) throw new Nonsense(`a desktop name of ${length} bytes`);
  const name = await input.read(length);
  return {
    screen: { width: fixed.readUInt16BE(0), height: fixed.readUInt16BE(2) },
    name: brief(name.toString("utf8")),
    init: Buffer.concat([fixed, name]),
  };
}

async function turnedAway(input: ByteReader): Promise<AttemptFailure> {
  const reason = await readReason(input);
  return rfbFailure(reason, refusalIn(reason));
}

async function readReason(input: ByteReader): Promise<string> {
  const length = await input.readUInt32();
  if (length > LONGEST_REASON_BYTES) throw new Nonsense(`a reason of ${length} bytes`);
  return brief((await input.read(length)).toString("utf8"));
}

/** TigerVNC and RealVNC say "Too many security failures", others "Too many authentication failures". */
const refusalIn = (reason: string): "locked-out" | null =>
  /too many .*(failures|attempts)/i.test(reason) ? "locked-out" : null;

/** Those that other servers offer alone (IANA's registry of RFB security types). */
const SECURITY_NAMES: Readonly<Record<number, string>> = {
  5: "RA2",
  6: "RA2ne",
  16: "Tight",
  18: "TLS",
  19: "VeNCrypt",
  20: "SASL",
  30: "Apple Remote Desktop",
  129: "RA2 256",
};

function unsupported(types: readonly number[]): AttemptFailure {
  const named = types.map((type) => `${SECURITY_NAMES[type] ?? "type"} (${type})`);
  return rfbFailure(
    `no security type but ${named.join(", ")} is offered; None (1) and VNC authentication (2) are supported`,
    "not-admitted",
  );
}

const rfbFailure = (
  detail: string,
  refusal: "locked-out" | "not-admitted" | null,
): AttemptFailure => new AttemptFailure({ kind: "rfb", detail }, refusal);
