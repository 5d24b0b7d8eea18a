import { expect, test } from "vitest";
import { inSeconds, origin, seconds, sinceOrigin } from "../../../src/base/time.ts";
import { reachNode } from "../../../src/lab/proxmox/reach-node.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const never = new AbortController().signal;

/** When a call that is sent `sent_s` after pv8's death ends, and with what. */
async function callTo(node: string, sent_s: number): Promise<readonly [end_s: number, unknown]> {
  const clock = new VirtualClock();
  const call = async (): Promise<unknown> => {
    await clock.sleep(seconds(sent_s), never);
    const roads = {
      clock,
      closing: never,
      nodes: new Set(["pv7", "pv8"]),
      downSince: (name: string) => (name === "pv8" ? origin : null),
      stoppedApis: new Set<string>(),
    };
    return await reachNode(roads, "pv7", node).catch((error: unknown) => error);
  };
  const outcome = await clock.runUntilSettled(call());
  return [inSeconds(sinceOrigin(clock.now())), outcome];
}

test("a name that nobody knows costs ten seconds", async () => {
  const [end, error] = await callTo("nosuch", 1);
  expect(end).toBe(11);
  expect(error).toMatchObject({ status: 500 });
});

test("a node that died a moment ago is given up 11.7 s after its death, later calls cost three ARP requests", async () => {
  for (const [sent, ended] of [
    [3, 11.7],
    [3.5, 11.7],
    [60, 62.85],
  ] as const) {
    const [end, error] = await callTo("pv8", sent);
    expect(end).toBe(ended);
    expect(error).toMatchObject({ status: 595, message: "No route to host" });
  }
});

test("a node that is there is reached at once", async () => {
  expect(await callTo("pv7", 1)).toEqual([1, undefined]);
});
