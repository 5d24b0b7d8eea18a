import type { ByteStream } from "./byte-stream.ts";
import type { LabDesktop } from "./desktop.ts";
import { SCREEN } from "./picture.ts";
import { encodeFormat, NATIVE_FORMAT } from "./pixel-format.ts";
import { answers, CHALLENGE_LENGTH, newChallenge } from "./vnc-password.ts";

export type Send = (bytes: Buffer) => Promise<void>;

const VERSION = "RFB 003.008\n";
const SECURITY = { none: 1, password: 2 } as const;
const RESULT = { ok: 0, failed: 1 } as const;

/** From the first greeting to ServerInit (RFC 6143 7.1 - 7.3). Rejects when the client drops out or makes no sense. */
export async function shakeHands(
  input: ByteStream,
  send: Send,
  desktop: LabDesktop,
): Promise<void> {
  await send(Buffer.from(VERSION, "latin1"));
  const minor = minorVersion(await input.read(VERSION.length));
  const password = desktop.password();
  const type = password === null ? SECURITY.none : SECURITY.password;
  await send(Buffer.from([1, type]));
  const chosen = (await input.read(1)).readUInt8(0);
  if (chosen !== type) throw new Error(`security type ${chosen} was not offered`);
  if (password !== null) await checkPassword(input, send, { password, minor });
  if (password !== null || minor >= 8) await send(uint32(RESULT.ok));
  // ClientInit: whether others may watch, too. Here they always may.
  await input.read(1);
  await send(serverInit(desktop.name()));
}

function minorVersion(greeting: Buffer): number {
  const minor = /^RFB 003\.00([78])\n$/.exec(greeting.toString("latin1"))?.[1];
  if (minor === undefined) throw new Error("not RFB 3.7 or 3.8");
  return Number(minor);
}

async function checkPassword(
  input: ByteStream,
  send: Send,
  { password, minor }: { readonly password: string; readonly minor: number },
): Promise<void> {
  const challenge = newChallenge();
  await send(challenge);
  if (answers(await input.read(CHALLENGE_LENGTH), challenge, password)) return;
  await send(
    minor >= 8
      ? Buffer.concat([uint32(RESULT.failed), counted("Authentication failed")])
      : uint32(RESULT.failed),
  );
  throw new Error("wrong password");
}

function serverInit(name: string): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16BE(SCREEN.width, 0);
  size.writeUInt16BE(SCREEN.height, 2);
  return Buffer.concat([size, encodeFormat(NATIVE_FORMAT), counted(name)]);
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
