import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningBmc } from "../../../src/lab/bmc/serve-bmc.ts";
import { serveBmc } from "../../../src/lab/bmc/serve-bmc.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { requires } from "../../support/requires.ts";
import { FakeMachine } from "../fake-machine.ts";

const needed = requires({ ipmitool: "ipmitool" });
const ADDRESS = "127.63.0.2";
const PORT = 20_000 + (process.pid % 20_000);

const ipmitool = async (
  args: readonly string[],
  password = "secret",
): Promise<{ stdout: string; stderr: string }> => {
  const common = ["-I", "lanplus", "-N", "1", "-R", "1", "-H", ADDRESS, "-p", String(PORT), "-E"];
  return await promisify(execFile)("ipmitool", [...common, ...args], {
    env: { ...process.env, IPMI_PASSWORD: password },
    timeout: 20_000,
  });
};

describe.skipIf(needed.skip)(`Debian's ipmitool${needed.note}`, () => {
  const machine = new FakeMachine("pve1");
  let bmc: RunningBmc;
  beforeAll(async () => {
    const credentials = { user: "admin", password: "secret" };
    bmc = await serveBmc(ADDRESS, PORT, machine, credentials, { clock: new SystemClock() });
  });
  afterAll(async () => await bmc.close());

  test.each([[["-C", "3"]], [["-C", "17"]], [[]]])(
    "with %j it switches a node off and on",
    async (suite) => {
      machine.log.length = 0;
      const run = async (...args: string[]): Promise<string> =>
        (await ipmitool([...suite, "-U", "admin", ...args])).stdout;
      expect(await run("chassis", "power", "status")).toContain("Chassis Power is on");
      expect(await run("chassis", "power", "off")).toContain("Down/Off");
      expect(await run("chassis", "power", "status")).toContain("Chassis Power is off");
      expect(await run("chassis", "power", "on")).toContain("Up/On");
      expect(await run("chassis", "power", "reset")).toContain("Reset");
      expect(machine.log).toEqual(["power-off", "power-on", "reset"]);
      expect(await run("mc", "info")).toMatch(/IPMI Version\s+: 2\.0/);
    },
  );

  test("suites that it does not speak are refused by name", async () => {
    await expect(ipmitool(["-C", "0", "-U", "admin", "mc", "info"])).rejects.toThrow(
      /invalid authentication algorithm/,
    );
    await expect(ipmitool(["-C", "1", "-U", "admin", "mc", "info"])).rejects.toThrow(
      /invalid integrity algorithm/,
    );
  });

  test("a viewer is told that his privilege is insufficient, a stranger nothing", async () => {
    const off = ["chassis", "power", "off"];
    await expect(ipmitool(["-L", "USER", "-U", "viewer", ...off], "look")).rejects.toThrow(
      /Insufficient privilege level/,
    );
    await expect(ipmitool(["-U", "admin", ...off], "wrong")).rejects.toThrow(/Unable to establish/);
    expect(machine.isPowered()).toBe(true);
  });
});
