import { afterEach, describe, expect, it } from "vitest";
import { openBmc } from "../../../src/clients/bmc/open-bmc.ts";
import { serveBmc } from "../../../src/lab/bmc/serve-bmc.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { FakeMachine } from "../../lab/fake-machine.ts";

const clock = new SystemClock();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** The two ends were written apart, from the specification; here they meet. */
describe("our IPMI client and the lab's BMC", () => {
  for (const suite of [3, 17] as const) {
    it(`understand each other with cipher suite ${suite}`, async () => {
      const machine = new FakeMachine("node");
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
      expect(await session.systemUuids()).toContain(machine.uuid);
      expect(await session.power()).toBe("on");
      await session.control("off");
      expect(await session.power()).toBe("off");
      await session.control("on");
      await session.control("reset");
      expect(machine.log).toEqual(["power-off", "power-on", "reset"]);
      await expect(open("admin", "wrong")).rejects.toMatchObject({ code: "denied" });
      await expect(open("ghost", "pw")).rejects.toMatchObject({ code: "denied" });
    });
  }
});
