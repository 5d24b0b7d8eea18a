import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunningBmc } from "../../../src/lab/bmc/serve-bmc.ts";
import { serveBmc } from "../../../src/lab/bmc/serve-bmc.ts";
import { ScaledClock } from "../../../src/platform/scaled-clock.ts";
import { FakeMachine } from "../fake-machine.ts";
import { MiniIpmi, outside } from "./mini-ipmi.ts";

const ADDRESS = "127.63.0.1";
const APPLICATION = 6;
const CHASSIS = 0;
const clock = new ScaledClock({
  speed: 60,
  origin_hrtime_ns: process.hrtime.bigint().toString(),
  origin_wall: "2026-01-01T00:00:00.000Z",
});

let port = 20_000 + (process.pid % 20_000);
let machine: FakeMachine;
let bmc: RunningBmc;
let clients: MiniIpmi[];

beforeEach(async () => {
  machine = new FakeMachine("pve1");
  clients = [];
  port++;
  bmc = await serveBmc(ADDRESS, port, machine, { user: "admin", password: "secret" }, { clock });
});
afterEach(async () => {
  for (const each of clients) each.close();
  await bmc.close();
});

function client(suite: 3 | 17 = 17): MiniIpmi {
  const made = new MiniIpmi(ADDRESS, port, suite);
  clients.push(made);
  return made;
}

async function administrator(suite: 3 | 17 = 17): Promise<MiniIpmi> {
  const made = client(suite);
  expect(await made.open("admin", "secret")).toBe("open");
  expect(await made.command(APPLICATION, 0x3b, [4])).toEqual([0, 4]);
  return made;
}

const control = async (from: MiniIpmi, action: number): Promise<number | undefined> =>
  (await from.command(CHASSIS, 2, [action]))[0];

const bytesOf = (answer: Buffer | null, from: number, to: number): readonly number[] =>
  Array.from(answer?.subarray(from, to) ?? []);

const wait = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};

test.each([3, 17] as const)(
  "suite %i: an administrator switches the machine off and on",
  async (suite) => {
    const admin = await administrator(suite);
    expect(await admin.command(CHASSIS, 1)).toEqual([0, 0x61, 0, 0]);
    expect(await control(admin, 0)).toBe(0);
    expect(await admin.command(CHASSIS, 1)).toEqual([0, 0x60, 0, 0]);
    expect(await control(admin, 1)).toBe(0);
    expect(await control(admin, 3)).toBe(0);
    expect(machine.log).toEqual(["power-off", "power-on", "reset"]);
  },
);

test("a power cycle takes the power away for a second of lab time", async () => {
  const admin = await administrator();
  expect(await control(admin, 2)).toBe(0);
  expect(machine.log).toEqual(["power-off"]);
  await wait(60);
  expect(machine.log).toEqual(["power-off", "power-on"]);
});

test("a machine that is off cannot be cycled, reset or asked to shut down", async () => {
  const admin = await administrator();
  await control(admin, 0);
  for (const action of [2, 3, 5]) expect(await control(admin, action)).toBe(0xd5);
  expect(await control(admin, 9)).toBe(0xcc);
});

test("the power button asks the operating system to shut down, and one that hangs does not hear it", async () => {
  const admin = await administrator();
  machine.panic();
  expect(await control(admin, 5)).toBe(0);
  expect(machine.log).toEqual(["panic"]);
  machine.reset();
  expect(await control(admin, 5)).toBe(0);
  expect(machine.log).toEqual(["panic", "reset", "shut-down poweroff"]);
});

test("an operator switches the machine", async () => {
  const operator = client();
  expect(await operator.open("operator", "secret", 3)).toBe("open");
  expect(await operator.command(APPLICATION, 0x3b, [3])).toEqual([0, 3]);
  expect(await control(operator, 3)).toBe(0);
  expect(machine.log).toEqual(["reset"]);
});

test("wrong passwords, unknown users and roles above one's own are refused with their codes", async () => {
  expect(await client().open("admin", "wrong")).toBe("rakp4 15");
  expect(await client().open("ghost", "secret")).toBe("rakp2 13");
  expect(await client().open("viewer", "look", 4)).toBe("rakp2 10");
  expect(await client().open("admin", "secret", 5)).toBe("rakp2 9");
});

test("a viewer may look, and gets 0xd4 for a touch", async () => {
  const viewer = client();
  expect(await viewer.open("viewer", "look", 2)).toBe("open");
  expect(await viewer.command(CHASSIS, 1)).toEqual([0, 0x61, 0, 0]);
  expect(await viewer.command(APPLICATION, 0x3b, [4])).toEqual([0x81]);
  expect(await control(viewer, 0)).toBe(0xd4);
  expect(machine.log).toEqual([]);
});

test("an administrator who has not raised his privilege touches nothing, either", async () => {
  const admin = client();
  await admin.open("admin", "secret");
  expect(await control(admin, 0)).toBe(0xd4);
});

test("the GUID is the machine's UUID, bytes turned round, before a session and within", async () => {
  const expected = [...Buffer.from(machine.uuid.replaceAll("-", ""), "hex")].toReversed();
  const admin = await administrator();
  expect(await admin.command(APPLICATION, 0x37)).toEqual([0, ...expected]);
  expect(await admin.command(APPLICATION, 0x08)).toEqual([0, ...expected]);
  const answer = await client().exchange(outside(APPLICATION, 0x37, []));
  expect(bytesOf(answer, 20, 37)).toEqual([0, ...expected]);
});

test("outside a session it tells what it can, and does nothing", async () => {
  const visitor = client();
  const capabilities = await visitor.exchange(outside(APPLICATION, 0x38, [0x8e, 4]));
  expect(bytesOf(capabilities, 20, 25)).toEqual([0, 1, 0x80, 4, 2]);
  const suites = await visitor.exchange(outside(APPLICATION, 0x54, [0x0e, 0, 0x80]));
  expect(bytesOf(suites, 20, -1)).toEqual([0, 1, 0xc0, 3, 1, 0x41, 0x81, 0xc0, 17, 3, 0x44, 0x81]);
  const touch = await visitor.exchange(outside(CHASSIS, 2, [0]));
  expect(touch?.[20]).toBe(0xd4);
  expect(machine.log).toEqual([]);
});

test("an ASF ping is answered with its tag", async () => {
  const ping = Buffer.from([6, 0, 0xff, 6, 0, 0, 0x11, 0xbe, 0x80, 77, 0, 0]);
  const pong = await client().exchange(ping);
  expect(pong?.subarray(8, 10)).toEqual(Buffer.from([0x40, 77]));
  expect(pong).toHaveLength(28);
});

test("a repeated packet is not obeyed twice, and one that was tampered with not once", async () => {
  const admin = await administrator();
  const reset = admin.packet(CHASSIS, 2, [3]);
  expect(await admin.exchange(reset)).not.toBeNull();
  expect(await admin.exchange(reset)).toBeNull();
  const bent = admin.packet(CHASSIS, 2, [3]);
  bent.writeUInt8(bent.readUInt8(30) ^ 1, 30);
  expect(await admin.exchange(bent)).toBeNull();
  expect(machine.log).toEqual(["reset"]);
});

test("a closed session is over; another's cannot be closed", async () => {
  const admin = await administrator();
  expect(await admin.command(APPLICATION, 0x3c, [1, 2, 3, 4])).toEqual([0x87]);
  const id = [...admin.packet(CHASSIS, 1).subarray(6, 10)];
  expect(await admin.command(APPLICATION, 0x3c, id)).toEqual([0]);
  expect(await admin.command(CHASSIS, 1)).toEqual([]);
});

test("a BMC that was stopped is silent and has forgotten its sessions when it is back", async () => {
  const admin = await administrator();
  await bmc.stop();
  expect(await admin.command(CHASSIS, 1)).toEqual([]);
  await bmc.start();
  expect(await admin.command(CHASSIS, 1)).toEqual([]);
  await administrator();
});

test("sessions that are opened and left alone do not fill it up", async () => {
  const first = await administrator();
  for (let count = 0; count < 40; count++) await client(3).open("admin", "wrong");
  expect(await first.command(CHASSIS, 1)).toEqual([0, 0x61, 0, 0]);
  for (let count = 0; count < 40; count++) {
    expect(await client().open("admin", "secret")).toBe("open");
  }
});

test("garbage is not answered and harms nobody", async () => {
  const admin = await administrator();
  const real = admin.packet(CHASSIS, 1);
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.uint8Array({ maxLength: 80 }).map((rest) => Uint8Array.from([6, 0, 0xff, 7, ...rest])),
    fc
      .uint8Array({ maxLength: 60 })
      .map((rest) => Uint8Array.from([6, 0, 0xff, 7, 6, 0x10, ...rest])),
    fc.nat(real.length - 1).map((length) => Uint8Array.from(real.subarray(0, length))),
  );
  const visitor = client();
  await fc.assert(
    fc.asyncProperty(garbage, async (bytes) => {
      await visitor.exchange(Buffer.from(bytes), 1);
    }),
    { numRuns: 300, seed: 20_261_122 },
  );
  expect(machine.log).toEqual([]);
  expect(await admin.command(CHASSIS, 1)).toEqual([0, 0x61, 0, 0]);
});
