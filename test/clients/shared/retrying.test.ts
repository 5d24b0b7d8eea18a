import { describe, expect, it } from "vitest";
import { AssertionError } from "../../../src/base/assert.ts";
import { OperatingError } from "../../../src/base/errors.ts";
import { inSeconds, seconds, sinceOrigin } from "../../../src/base/time.ts";
import type { AfterRefusal } from "../../../src/clients/shared/retrying.ts";
import { retrying } from "../../../src/clients/shared/retrying.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const busy = new OperatingError("rejected", "the VM is locked");

/** Fails with each error in turn, then goes well. */
function scene(...errors: readonly Error[]) {
  const told: string[] = [];
  const clock = new VirtualClock();
  const left = [...errors];
  const tries: number[] = [];
  const refused: AfterRefusal = { pause: seconds(30), tell: (line) => void told.push(line) };
  const plan = { what: "remove it", otherwise: "Remove it by hand", pause: seconds(2), clock };
  const run = async (
    signal: AbortSignal = new AbortController().signal,
    after: AfterRefusal | null = null,
  ): Promise<string> =>
    await clock.runUntilSettled(
      retrying({ ...plan, refused: after }, signal, async () => {
        tries.push(inSeconds(sinceOrigin(clock.now())));
        const error = left.shift();
        if (error !== undefined) throw error;
        return await Promise.resolve("done");
      }),
    );
  return { clock, tries, told, refused, run };
}

describe("retrying", () => {
  it("tries again after a pause on the injected clock until it goes well", async () => {
    const { run, tries } = scene(busy, busy);
    expect(await run()).toBe("done");
    expect(tries).toEqual([0, 2, 4]);
  });

  it("rejects at once with what trying again cannot help, and with bugs", async () => {
    for (const error of [
      new OperatingError("denied", "no rights"),
      new OperatingError("untrusted", "another CA"),
      new OperatingError("configuration", "no bmc"),
      new OperatingError("unsafe", "not ours"),
      new AssertionError("never"),
      new TypeError("undefined is not a function"),
    ]) {
      const { run, tries } = scene(error);
      await expect(run()).rejects.toBe(error);
      expect(tries).toEqual([0]);
    }
  });

  it("tries again after a longer pause what was refused, where its caller wants that, and tells it", async () => {
    const { run, tries, told, refused } = scene(
      busy,
      new OperatingError("denied", "no rights"),
      new OperatingError("untrusted", "another CA"),
      busy,
    );
    expect(await run(undefined, refused)).toBe("done");
    expect(tries).toEqual([0, 2, 32, 62, 64]);
    expect(told).toEqual([
      "remove it was refused; tried again in 30 s: no rights",
      "remove it was refused; tried again in 30 s: another CA",
    ]);
  });

  it("says what failed last and what is left to do when time runs out", async () => {
    const { run, clock, tries } = scene(...Array.from({ length: 50 }, () => busy));
    await expect(run(clock.timeout(seconds(9)))).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(
        /Cannot remove it as time has run out.*VM is locked.*Remove it by hand/u,
      ),
    });
    expect(tries).toEqual([0, 2, 4, 6, 8]);
  });

  it("ends with the reason of its signal when it is interrupted", async () => {
    const { run, clock } = scene(busy, busy, busy);
    const controller = new AbortController();
    const reason = new Error("Ctrl-C");
    clock.queue.after(seconds(1), () => controller.abort(reason));
    await expect(run(controller.signal)).rejects.toBe(reason);
  });

  it("gives up after a thousand tries where nothing else limits it", async () => {
    const { run, tries } = scene(...Array.from({ length: 1500 }, () => busy));
    await expect(run()).rejects.toBe(busy);
    expect(tries).toHaveLength(1001);
  });
});
