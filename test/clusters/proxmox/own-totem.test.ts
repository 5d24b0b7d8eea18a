import { describe, expect, it } from "vitest";
import { readTimers } from "../../../src/clusters/proxmox/timers.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { fakeApi, missing, sessionOf } from "./fake-api.ts";
import { recorded } from "./recorded.ts";

const never = new AbortController().signal;
const TOTEM = "GET /cluster/config/totem";

/** Timers as they are read again and again, of a cluster whose answer to the question for corosync's is that. */
async function timersOf(count: number, totem: (asked: number) => unknown) {
  const clock = new VirtualClock();
  let asked = 0;
  const api = fakeApi(clock, (call) => {
    if (call !== TOTEM) return recorded("07");
    asked += 1;
    return totem(asked);
  });
  const session = sessionOf(clock, api);
  const all = [];
  for (let read = 0; read < count; read++) {
    all.push(await clock.runUntilSettled(readTimers(session, "pv8", never)));
  }
  return { all, asked: () => asked };
}

describe("a trial's timers", () => {
  it("have the token that the cluster tells, which is asked once", async () => {
    const { all, asked } = await timersOf(3, () => ({ token: "10000", token_coefficient: "125" }));
    for (const timers of all) {
      expect(timers).toMatchObject({
        token_ms: 10_000,
        token_coefficient_ms: 125,
        settings_by: "cluster",
      });
    }
    expect(asked()).toBe(1);
  });

  it("have the inventory's as long as it does not, and say so", async () => {
    const { all, asked } = await timersOf(3, (time) => {
      if (time < 3) throw missing("no permission");
      return {};
    });
    expect(all).toMatchObject([
      { token_ms: 3000, token_coefficient_ms: 650, settings_by: "inventory" },
      { settings_by: "inventory" },
      { settings_by: "cluster" },
    ]);
    expect(asked()).toBe(3);
  });
});
