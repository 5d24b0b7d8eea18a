import { describe, expect, it } from "vitest";
import { methodOf } from "../../../src/faults/machine/method.ts";
import { FakeNode } from "../../lab/ssh/fake-node.ts";

/** The lab's interpreter was written apart from the faults: what they send must mean there what it means on a node. */
describe("commands of faults", () => {
  it.each([
    [{ kind: "sysrq", key: "o", over: "ssh" }, "power-off"],
    [{ kind: "sysrq", key: "b", over: "ssh" }, "reset"],
    [{ kind: "sysrq", key: "c", over: "ssh" }, "panic"],
    [{ kind: "forced-poweroff", over: "ssh" }, "power-off"],
  ] as const)("%j does what it says, in the background, and returns first", async (spec, act) => {
    const { act: how } = methodOf(spec);
    const node = new FakeNode();
    const answer = await node.run(how.over === "ssh" ? how.command : "");
    expect(answer).toEqual({ status: 0, output: "1767323045.678000000\n", complaint: "" });
    expect(node.machine.log).toEqual([]);
    await node.pass(2);
    expect(node.machine.log).toEqual([act]);
  });
});
