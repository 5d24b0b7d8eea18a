import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { orAborted } from "../../../src/base/abort.ts";
import { underDeadline } from "../../../src/clients/shared/under-deadline.ts";

const never = new AbortController().signal;

describe("underDeadline", () => {
  it("ends with either signal, for its reason", async () => {
    const [stop, deadline] = [new AbortController(), new AbortController()];
    const waiting = [stop.signal, deadline.signal].map(
      async (signal) =>
        await underDeadline(signal, signal === stop.signal ? never : deadline.signal, async (end) =>
          orAborted(new Promise(() => undefined), end),
        ),
    );
    stop.abort(new Error("told to stop"));
    deadline.abort(new Error("too late"));
    await expect(waiting[0]).rejects.toThrow("told to stop");
    await expect(waiting[1]).rejects.toThrow("too late");
  });

  it("lets as many wait under one signal as the guards of a trial ask questions, and nobody is warned of a leak", async () => {
    const stop = new AbortController();
    const warned: unknown[] = [];
    const note = (warning: unknown): void => void warned.push(warning);
    process.on("warning", note);
    const waiting = Array.from(
      { length: 40 },
      async () =>
        await underDeadline(stop.signal, AbortSignal.timeout(60_000), async (end) => {
          await once(end, "abort");
        }),
    );
    await setImmediate();
    stop.abort(new Error("over"));
    await Promise.all(waiting);
    await setImmediate();
    process.off("warning", note);
    expect(warned).toEqual([]);
  });
});
