import { homedir } from "node:os";
import { describe, expect, it } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { inSeconds, seconds, sinceOrigin } from "../../../src/base/time.ts";
import type { CommandFault } from "../../../src/model/fault-spec.ts";
import { scene } from "../a-scene.ts";
import { ended } from "../fake-program.ts";

const pdu: CommandFault = {
  kind: "command",
  program: "/opt/pdu",
  arguments: ["--outlet", "pdu-1"],
  leaves: "off",
  limit_ms: 30_000,
};
const hung: CommandFault = { ...pdu, leaves: "hung" };

describe("the user's own program", () => {
  it("is called with its arguments, the verb and the node, and an environment of a few names", async () => {
    const { guards, node } = scene(pdu);
    expect(await guards()).toEqual([]);
    expect(node.program.last).toMatchObject({
      program: "/opt/pdu",
      words: ["--outlet", "pdu-1", "status", "pve2"],
      limit: seconds(30),
    });
    expect(node.program.last?.environment).toEqual({
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: homedir(),
      LANG: "C.UTF-8",
      BLACKOUT_CLUSTER: "pve",
      BLACKOUT_NODE: "pve2",
      BLACKOUT_ADDRESS: "h",
      BLACKOUT_VERB: "status",
      BLACKOUT_FAULT: "command /opt/pdu",
    });
  });

  it("refuses in its own words, and when it cannot be started", async () => {
    const { fault, node, run, never } = scene(pdu);
    node.program.ends = { check: ended(3, "first\nno outlet for pve2 \u001b[31m\n") };
    const refused = async () => await run(async () => await fault.check("pve2", never));
    expect(await refused()).toMatchObject([
      {
        guard: "command",
        saw: expect.stringMatching(/exit code is 3 \(no outlet for pve2\)/u),
      },
    ]);
    node.program.failure = new OperatingError("environment", "not there");
    expect(await refused()).toMatchObject([{ guard: "command", saw: "not there" }]);
  });

  it("refuses a node that it says is off, one that does not greet, and one of which nobody can tell", async () => {
    const off = scene(pdu);
    off.node.powered = false;
    expect(await off.guards()).toEqual(["node-on"]);
    const silent = scene(pdu);
    silent.node.system = "dead";
    expect(await silent.guards()).toEqual(["ssh-reachable"]);
    expect(await scene(pdu, { ssh: null }).guards()).toEqual([]);
    expect(await scene(hung, { ssh: null }).guards()).toEqual(["proof-possible"]);
    const blind = scene(pdu, { ssh: null });
    blind.node.program.knowsStatus = false;
    expect(await blind.guards()).toEqual(["proof-possible"]);
  });

  it("is proven by SSH and its own status, and the span holds the true instant", async () => {
    const { strike } = scene(pdu);
    const { gone, evidence } = await strike();
    expect(evidence).toMatch(/\/opt\/pdu says that power is off; \d tries/u);
    // Status takes 50 ms, the first beats 0.6 s, inject 50 ms.
    expect(inSeconds(sinceOrigin(gone.earliest))).toBeLessThanOrEqual(0.7);
    expect(inSeconds(sinceOrigin(gone.earliest))).toBeGreaterThan(0.6);
    expect(inSeconds(sinceOrigin(gone.latest))).toBeGreaterThanOrEqual(0.7);
    expect(inSeconds(sinceOrigin(gone.latest))).toBeLessThan(0.8);
    expect((await scene(pdu, { ssh: null }).strike()).evidence).toBe(
      "/opt/pdu says that power is off",
    );
    const unknown = scene(pdu);
    unknown.node.program.knowsStatus = false;
    expect((await unknown.strike()).evidence).toMatch(/^3 tries/u);
  });

  it("is no proof while the node answers or its status says on", async () => {
    const { strike, node } = scene(pdu);
    node.program.ends = { inject: ended(0) };
    await expect(strike(20)).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/\/opt\/pdu never said off/u),
    });
  });

  it("fails to inject in its own words, and strikes nobody who is off already", async () => {
    const { strike, node } = scene(pdu);
    node.program.ends = { inject: ended(null, "") };
    await expect(strike()).rejects.toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/a signal ended it \(it said nothing\)/u),
    });
    node.powered = false;
    await expect(strike()).rejects.toMatchObject({ code: "not-reached" });
  });
});

describe("healing by the user's own program", () => {
  it("is called until it has healed, and then no more while the node boots", async () => {
    const { strike, heal, node } = scene(pdu);
    await strike();
    node.program.healFailures = 3;
    await heal();
    expect(node).toMatchObject({ powered: true, system: "up" });
    expect(node.program.calls).toEqual(["inject", "heal", "heal", "heal", "heal"]);
  });

  it("is called again when the power is seen off", async () => {
    const { strike, heal, node } = scene(pdu);
    await strike();
    node.program.ends = { heal: ended(0) };
    await expect(heal(60)).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/still off.*heal pve2/u),
    });
    expect(node.program.calls.filter((verb) => verb === "heal")).toHaveLength(3);
  });

  it("trusts its exit code where nobody else can tell", async () => {
    const { heal, node, elapsed } = scene(hung, { ssh: null });
    node.program.knowsStatus = false;
    await heal();
    expect(node.program.calls).toEqual(["heal"]);
    expect(elapsed()).toBeLessThan(1);
  });

  it("ends with its last words when time runs out, and at once when it cannot be started", async () => {
    const { heal, node } = scene(pdu);
    node.program.healFailures = Number.POSITIVE_INFINITY;
    await expect(heal(60)).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/the PDU is busy.*by hand/u),
    });
    node.program.failure = new OperatingError("environment", "not there");
    await expect(heal(60)).rejects.toMatchObject({ code: "environment" });
  });
});
