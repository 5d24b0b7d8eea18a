import { afterEach, describe, expect, it } from "vitest";
import { openBmc } from "../../../src/clients/bmc/open-bmc.ts";
import { serveBmc } from "../../../src/lab/bmc/serve-bmc.ts";
import type { LabMachine } from "../../../src/lab/machine.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";

const UUID = "01234567-89ab-cdef-0123-456789abcdef";
const clock = new SystemClock();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** The two ends were written apart, from the specification; here they meet. */
describe("our IPMI client and the lab's BMC", () => {
  for (const suite of [3, 17] as const) {
    it(`understand each other with cipher suite ${suite}`, async () => {
      const acts: string[] = [];
      const machine = machineNoting(acts);
      const port = 46_000 + suite;
      const bmc = await serveBmc(
        "127.0.0.1",
        port,
        machine,
        { user: "admin", password: "pw" },
        {
          clock,
        },
      );
      closing.push(async () => await bmc.close());
      const open = async (user: string, password: string) =>
        await openBmc(
          {
            kind: "ipmi",
            host: "127.0.0.1",
            port,
            user,
            password: { kind: "env", name: "X" },
            cipher_suite: suite,
            via: "builtin",
            mapping: "uuid",
          },
          {
            clock,
            secrets: { resolve: async () => password },
            signal: new AbortController().signal,
          },
        );
      const session = await open("admin", "pw");
      closing.push(async () => await session.close());
      expect(await session.systemUuids()).toContain(UUID);
      expect(await session.power()).toBe("on");
      await session.control("off");
      expect(await session.power()).toBe("off");
      await session.control("on");
      await session.control("reset");
      expect(acts).toEqual(["off", "on", "reset"]);
      await expect(open("admin", "wrong")).rejects.toMatchObject({ code: "denied" });
      await expect(open("ghost", "pw")).rejects.toMatchObject({ code: "denied" });
    });
  }
});

function machineNoting(acts: string[]): LabMachine {
  let powered = true;
  return {
    name: "node",
    uuid: UUID,
    isPowered: () => powered,
    isUp: () => powered,
    bootId: () => "boot",
    powerOff: () => {
      acts.push("off");
      powered = false;
    },
    powerOn: () => {
      acts.push("on");
      powered = true;
    },
    reset: () => {
      acts.push("reset");
    },
    panic: () => {
      acts.push("panic");
    },
  };
}
