import { EventEmitter, once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { orAborted } from "../../src/base/abort.ts";

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(() => {
  process.off("unhandledRejection", note);
});

describe("orAborted", () => {
  it("leaves no rejection unhandled of a promise that is handed to it too late", async () => {
    const reason = new Error("Ctrl-C");
    const waiting = orAborted(Promise.reject(new Error("reset")), AbortSignal.abort(reason));
    await expect(waiting).rejects.toBe(reason);
    await turn();
    expect(unhandled).toEqual([]);
  });

  it("leaves none of a promise that fails after the wait has ended", async () => {
    const [wait, operation] = [new AbortController(), new AbortController()];
    const failing = once(new EventEmitter(), "done", { signal: operation.signal });
    const waiting = orAborted(failing, wait.signal);
    const reason = new Error("Ctrl-C");
    wait.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    operation.abort(new Error("reset"));
    await turn();
    expect(unhandled).toEqual([]);
  });
});
