import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { Interrupted, SignalTrap } from "../../src/platform/signal-trap.ts";

function setUp() {
  const source = new EventEmitter();
  const again: string[] = [];
  let now = 0;
  const trap = new SignalTrap(
    (name) => again.push(name),
    source,
    () => now,
  );
  const send = (name: string, atMs: number): void => {
    now = atMs;
    source.emit(name, name);
  };
  return { source, again, trap, send };
}

describe("SignalTrap", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"])("the first %s aborts, and says why", (name) => {
    const { trap, send, again } = setUp();
    expect(trap.signal.aborted).toBe(false);
    send(name, 1000);
    expect(trap.signal.reason).toBeInstanceOf(Interrupted);
    expect(String(trap.signal.reason)).toBe(`Interrupted: interrupted by ${name}`);
    expect(again).toEqual([]);
  });

  it("later signals are told, each of them", () => {
    const { send, again } = setUp();
    send("SIGINT", 1000);
    send("SIGINT", 2000);
    send("SIGTERM", 3000);
    expect(again).toEqual(["SIGINT", "SIGTERM"]);
  });

  it("one Ctrl-C that npm passes on a second time is one wish", () => {
    const { send, again } = setUp();
    send("SIGINT", 1000);
    send("SIGINT", 1020);
    expect(again).toEqual([]);
  });

  it("somebody else's wish aborts likewise, once, and leaves the first Ctrl-C the first", () => {
    const { trap, send, again } = setUp();
    trap.interrupt("the page");
    trap.interrupt("the page");
    expect(String(trap.signal.reason)).toBe("Interrupted: interrupted by the page");
    send("SIGINT", 1000);
    expect(again).toEqual([]);
    send("SIGINT", 2000);
    expect(again).toEqual(["SIGINT"]);
  });

  it("a closed trap hears nothing and leaves no listener", () => {
    const { trap, source, send } = setUp();
    trap.close();
    send("SIGINT", 1000);
    expect(trap.signal.aborted).toBe(false);
    expect(source.eventNames()).toEqual([]);
  });
});
