import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import type { BmcSession } from "../../../src/clients/bmc/bmc-session.ts";
import { openBmc } from "../../../src/clients/bmc/open-bmc.ts";
import type { IpmiAccess } from "../../../src/model/inventory.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { quickClock } from "../quick-clock.ts";
import type { MiniBmc } from "./mini-bmc.ts";
import { startMiniBmc } from "./mini-bmc.ts";

const secrets = { resolve: async () => "secret" };
const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0).toReversed()) await each.close();
});

async function start(
  options: Partial<Parameters<typeof startMiniBmc>[0]> = {},
): Promise<{ bmc: MiniBmc; access: IpmiAccess }> {
  const bmc = await startMiniBmc({
    user: "admin",
    password: "secret",
    suites: [3, 17],
    ...options,
  });
  running.push(bmc);
  return { bmc, access: accessTo(bmc.port) };
}

const accessTo = (port: number): IpmiAccess => ({
  kind: "ipmi",
  host: "127.0.0.1",
  port,
  user: "admin",
  password: { kind: "env", name: "X" },
  cipher_suite: 17,
  via: "builtin",
  mapping: "asserted",
});

async function open(access: IpmiAccess, clock = quickClock()): Promise<BmcSession> {
  const session = await openBmc(access, { clock, secrets, signal: new AbortController().signal });
  running.push(session);
  return session;
}

describe("the IPMI session", () => {
  for (const suite of [3, 17] as const) {
    it(`reads and switches power with cipher suite ${suite}`, async () => {
      const { bmc, access } = await start();
      const session = await open({ ...access, cipher_suite: suite });
      expect(await session.power()).toBe("on");
      await session.control("off");
      expect(await session.power()).toBe("off");
      await session.control("on");
      await session.control("cycle");
      await session.control("reset");
      await session.control("soft");
      expect(await session.power()).toBe("on");
      expect(bmc.acts).toEqual([0, 1, 2, 3, 5]);
    });
  }

  it("reads the system's UUID in every byte order in use, the specification's first", async () => {
    const guid = Buffer.from("00112233445566778899aabbccddeeff", "hex");
    const { access } = await start({ guid });
    const session = await open(access);
    expect(await session.systemUuids()).toEqual([
      "ffeeddcc-bbaa-9988-7766-554433221100",
      "33221100-5544-7766-8899-aabbccddeeff",
      "00112233-4455-6677-8899-aabbccddeeff",
    ]);
  });

  it("acts once when the answer to a chassis control is lost, as the repeated request keeps its number", async () => {
    const { bmc, access } = await start();
    const session = await open(access);
    const before = bmc.received;
    bmc.lose = (count) => (count === before + 1 || count === before + 2 ? "answer" : "none");
    await session.control("cycle");
    expect(bmc.acts).toEqual([2]);
    expect(bmc.received).toBe(before + 3);
  });

  it("gets through when every second packet is lost", async () => {
    const { bmc, access } = await start();
    bmc.lose = (count) => (count % 2 === 1 ? "request" : "none");
    const session = await open(access);
    expect(await session.power()).toBe("on");
  });

  it("waits for a busy BMC", async () => {
    const { bmc, access } = await start();
    const session = await open(access);
    bmc.completion.push(0xc0, 0xc3, 0xd2);
    expect(await session.power()).toBe("on");
  });

  it("says denied for a wrong password, an unknown user and too low a privilege", async () => {
    const { bmc, access } = await start();
    const wrong = openBmc(access, {
      clock: quickClock(),
      secrets: { resolve: async () => "nope" },
      signal: new AbortController().signal,
    });
    await expect(wrong).rejects.toMatchObject({
      code: "denied",
      message: expect.stringMatching(/password/u),
    });
    await expect(open({ ...access, user: "ghost" })).rejects.toMatchObject({
      code: "denied",
      message: expect.stringMatching(/does not know user "ghost"/u),
    });
    const low = await start({ privilege: 2 });
    await expect(open(low.access)).rejects.toMatchObject({
      code: "denied",
      message: expect.stringMatching(/operator/u),
    });
    const less = await start({ granted: 2 });
    await expect(open(less.access)).rejects.toMatchObject({
      code: "denied",
      message: expect.stringMatching(/operator/u),
    });
    const session = await open(access);
    await session.demand("on");
    bmc.completion.push(0xd4);
    await expect(session.control("off")).rejects.toMatchObject({ code: "denied" });
    expect(bmc.acts).toEqual([]);
  });

  it("names the other cipher suite when the BMC has not the one asked for", async () => {
    const { access } = await start({ suites: [3] });
    await expect(open(access)).rejects.toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/cipher_suite: 3/u),
    });
  });

  it("says timed-out for a silent BMC and unreachable where nothing listens", async () => {
    const { bmc, access } = await start();
    bmc.silent = true;
    await expect(open(access)).rejects.toMatchObject({ code: "timed-out" });
    await bmc.close();
    running.pop();
    await expect(open(access)).rejects.toMatchObject({ code: "unreachable" });
  });

  it("ends at once when its signal is aborted, with the signal's reason", async () => {
    const { bmc, access } = await start();
    bmc.silent = true;
    const controller = new AbortController();
    const opening = openBmc(access, {
      clock: new SystemClock(),
      secrets,
      signal: controller.signal,
    });
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 20);
    await expect(opening).rejects.toBe(reason);
  });

  it("takes neither replays nor forgeries nor garbage for answers", async () => {
    const { bmc, access } = await start();
    const session = await open(access);
    let last: Buffer | null = null;
    bmc.noise = (answer) => {
      const forged = Buffer.from(answer);
      forged.writeUInt8(forged.readUInt8(forged.length - 1) ^ 1, forged.length - 1);
      const noise = [
        ...(last === null ? [] : [last]),
        forged,
        answer.subarray(0, 20),
        randomBytes(80),
      ];
      last = answer;
      return noise;
    };
    for (let round = 0; round < 10; round++) {
      await session.control(round % 2 === 0 ? "off" : "on");
      expect(await session.power()).toBe(round % 2 === 0 ? "off" : "on");
    }
  });

  it("takes no replay for an answer when the request's number, one of 64, comes round again", async () => {
    const { bmc, access } = await start();
    const session = await open(access);
    const answers: Buffer[] = [];
    bmc.noise = (answer) => {
      answers.push(answer);
      const old = answers.at(-1 - 64);
      return old === undefined ? [] : [old];
    };
    // 64 requests are 32 rounds, which 3 does not divide: the old answer would be another one.
    for (let round = 0; round < 60; round++) {
      const state = round % 3 === 0 ? "off" : "on";
      await session.control(state);
      expect(await session.power()).toBe(state);
    }
  });

  it("survives whatever datagrams come: it answers rightly or gives a typed error, and never hangs", async () => {
    const { bmc, access } = await start();
    const noise = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 120 }),
        // Shaped like the real thing, so that the decoders behind the first check are reached.
        fc
          .tuple(
            fc.constantFrom(0x11, 0x13, 0x15, 0xc0),
            fc.uint8Array({ minLength: 10, maxLength: 90 }),
          )
          .map(([type, rest]) => Uint8Array.from([6, 0, 0xff, 7, 6, type, ...rest])),
      ),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(noise, async (datagrams) => {
        bmc.noise = () => datagrams.map((each) => Buffer.from(each));
        bmc.power = true;
        const outcome = await open(access).then(
          async (session) => await session.power(),
          (error: unknown) => error,
        );
        // Before there are keys, a refusal cannot be told from a forged one.
        const refused = outcome instanceof OperatingError && outcome.code !== "timed-out";
        expect(refused || outcome === "on").toBe(true);
      }),
      { numRuns: 60, seed: 20_261_122 },
    );
  });
});
