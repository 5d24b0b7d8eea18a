import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exactly } from "../../src/base/interval.ts";
import { createFault } from "../../src/faults/create-fault.ts";
import { methodOf } from "../../src/faults/machine/method.ts";
import type { MachineFaultSpec } from "../../src/faults/machine/method.ts";
import { strikeOn } from "../faults/a-cluster.ts";
import { bootOf, clock, onWorker, pulseOf, secrets } from "./on-worker.ts";
import { askPower } from "./power-client.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { untilAllReady } from "./start-real-cluster.ts";

const shared = sharedCluster();
const VICTIM = "worker-2";
const OTHERS = ["worker-1", "worker-3"];
const TRIGGER = "/proc/sysrq-trigger";

/** What the kernel of this machine has said of magic SysRq since it was started. */
const sysrqMessages = (): string =>
  execFileSync("dmesg", { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("sysrq:"))
    .join("\n");
const machineBoot = (): string => readFileSync("/proc/sys/kernel/random/boot_id", "utf8");

describe.skipIf(shared.skip)(`faults over SSH act on one worker only${shared.note}`, () => {
  const before = { messages: "", boot: "" };
  beforeAll(() => {
    before.messages = sysrqMessages();
    before.boot = machineBoot();
  });
  afterAll(async () => {
    await untilAllReady(shared.place());
  });

  const faults: readonly { fault: MachineFaultSpec; leaves: string }[] = [
    { fault: { kind: "sysrq", key: "b", over: "ssh" }, leaves: "on" },
    { fault: { kind: "sysrq", key: "o", over: "ssh" }, leaves: "off" },
    { fault: { kind: "sysrq", key: "c", over: "ssh" }, leaves: "hung" },
    { fault: { kind: "forced-poweroff", over: "ssh" }, leaves: "off" },
  ];
  for (const { fault: spec, leaves } of faults) {
    it(`${methodOf(spec).title} is struck, proven and healed`, async () => {
      const cluster = shared.inventory();
      const { power } = shared.place();
      const boots = await Promise.all(OTHERS.map(async (name) => await bootOf(cluster, name)));
      const victimBoot = await bootOf(cluster, VICTIM);
      const fault = createFault(spec, { cluster, clock, secrets });
      const signal = AbortSignal.timeout(120_000);
      // Among others: that the BMC is this worker's, by equal system UUIDs.
      expect(await fault.check(VICTIM, signal)).toEqual([]);
      const requested = exactly(clock.now());
      await fault.inject(strikeOn(VICTIM), signal);
      await fault.confirm(strikeOn(VICTIM), requested, signal);
      expect(await askPower(power, `${VICTIM} get state`)).toBe(`state:${leaves}`);
      await fault.heal(VICTIM, signal);
      await fault.close();
      await untilAllReady(shared.place());
      expect(await pulseOf(cluster, VICTIM)).toBe("answers");
      expect(await bootOf(cluster, VICTIM)).not.toBe(victimBoot);
      expect(await Promise.all(OTHERS.map(async (name) => await bootOf(cluster, name)))).toEqual(
        boots,
      );
    });
  }

  it("this machine's own magic SysRq was never reached, and is covered where it exists", async () => {
    expect(machineBoot()).toBe(before.boot);
    expect(sysrqMessages()).toBe(before.messages);
    const cluster = shared.inventory();
    const look = `test -p ${TRIGGER} && stat -c %d:%i ${TRIGGER} || test -p /run/power && stat -c %d:%i /run/power`;
    const seen = await onWorker(cluster, VICTIM, look);
    const { dev, ino } = statSync(`${shared.place().folder}/${VICTIM}/power`);
    expect(seen.split("\n")).toContain(`${dev}:${ino}`);
    const own = existsSync(TRIGGER) ? statSync(TRIGGER) : { dev: 0, ino: 0 };
    expect(seen).not.toContain(`${own.dev}:${own.ino}`);
  });
});
