import { describe, expect, it } from "vitest";
import { methodOf } from "../../src/faults/method.ts";
import { interpret } from "../../src/lab/ssh/interpret.ts";

/** The lab's interpreter was written apart from the faults: what they send must mean there what it means on a node. */
describe("commands of faults", () => {
  it.each([
    [{ kind: "sysrq", key: "o", over: "ssh" }, "power-off"],
    [{ kind: "sysrq", key: "b", over: "ssh" }, "reset"],
    [{ kind: "sysrq", key: "c", over: "ssh" }, "panic"],
    [{ kind: "forced-poweroff", over: "ssh" }, "power-off"],
  ] as const)("%j does what it says, in the background, and returns first", (spec, act) => {
    const { act: how } = methodOf(spec);
    const meant = interpret(how.over === "ssh" ? how.command : "");
    expect(meant.status).toBe(0);
    expect(meant.steps).toMatchObject([
      { kind: "background", steps: [{ kind: "wait" }, { kind: "power", act }] },
    ]);
  });
});
