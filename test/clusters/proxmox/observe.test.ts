import { describe, expect, test } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { inSeconds, seconds, sinceOrigin } from "../../../src/base/time.ts";
import { observe } from "../../../src/clusters/proxmox/observe.ts";
import { readTimers } from "../../../src/clusters/proxmox/timers.ts";
import type { ControlPlaneEvent } from "../../../src/model/cluster-facts.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { fakeApi, sessionOf, type Answering } from "./fake-api.ts";
import { recorded } from "./recorded.ts";

const healthy: Answering = (call) => {
  switch (call) {
    case "GET /cluster/status":
      return recorded("06");
    case "GET /cluster/ha/status/manager_status":
      return recorded("07");
    case "GET /cluster/resources":
      return recorded("10");
    case "GET /cluster/tasks":
      return recorded("30");
    case "GET /version":
      return {};
    default:
      throw new Error(`nobody should ask ${call}`);
  }
};

async function watched(answerAt: (clock: VirtualClock) => Answering, lasting = 10) {
  const clock = new VirtualClock();
  const api = fakeApi(clock, answerAt(clock));
  const session = sessionOf(clock, api);
  const events: ControlPlaneEvent[] = [];
  const stop = new AbortController();
  clock.queue.after(seconds(lasting), () => stop.abort(new Error("enough")));
  await clock.runUntilSettled(
    observe(
      session,
      { vmid: 100, victim: () => "pv8", onEvent: (event) => events.push(event) },
      stop.signal,
    ),
  );
  return { events, calls: api.calls, session };
}

const service = (state: string, node: string, target?: string) => ({ state, node, target });

const secondsNow = (clock: VirtualClock): number => inSeconds(sinceOrigin(clock.now()));

describe("observe", () => {
  test("looks once a second at one host with four questions, asks it thrice between whether it lives, and says nothing of a healthy cluster", async () => {
    const { events, calls } = await watched(() => healthy);
    expect(events).toEqual([]);
    const pulses = calls.filter((call) => call === "pv7 GET /version");
    expect(pulses).toHaveLength(3 * 10);
    expect(calls.length - pulses.length).toBe(4 * 10);
    expect(calls.every((call) => call.startsWith("pv7 "))).toBe(true);
    expect(calls.some((call) => call.includes("/nodes/"))).toBe(false);
  });

  test("reports a change with the two looks around it", async () => {
    const { events } = await watched((clock) => (call, host, form) => {
      if (call !== "GET /cluster/status" || secondsNow(clock) < 4.5)
        return healthy(call, host, form);
      return [
        { type: "cluster", name: "labc", quorate: 1 },
        { type: "node", name: "pv7", nodeid: 1, online: 1 },
        { type: "node", name: "pv8", nodeid: 2, online: 0 },
        { type: "node", name: "pv9", nodeid: 3, online: 1 },
      ];
    });
    expect(events).toMatchObject([
      {
        kind: "membership-lost",
        node: "pv8",
        observed_ms: [4000, 5010],
        source: "GET /cluster/status",
      },
    ]);
  });

  test("leaves a host that fails for the next one at once, and reports the gap", async () => {
    const { events, calls } = await watched((clock) => (call, host, form) => {
      if (host.node === "pv7" && secondsNow(clock) > 4.5) {
        throw new OperatingError("timed-out", "pv7 did not answer");
      }
      return healthy(call, host, form);
    });
    expect(events).toMatchObject([
      {
        kind: "observation-gap",
        node: "pv8",
        // Found between two looks, by the pulse at 4.52 s.
        observed_ms: [4000, 4550],
        raw: {
          before: "https://pv7:8006",
          now: "https://pv8:8006",
          trouble: "pv7 did not answer",
        },
      },
    ]);
    expect(calls.at(-1)).toMatch(/^pv8 /);
  });

  test("reports the gap at its end too, when no host ever came back", async () => {
    const { events } = await watched((clock) => (call, host, form) => {
      if (secondsNow(clock) > 4.5) throw new OperatingError("unreachable", "no route");
      return healthy(call, host, form);
    });
    expect(events).toMatchObject([
      { kind: "observation-gap", node: null, observed_ms: [4000, 10_000] },
    ]);
  });

  test("remembers a fencing and the return of the node that judges locks", async () => {
    const { events, session } = await watched((clock) => (call, host, form) => {
      const now = secondsNow(clock);
      if (call.endsWith("manager_status") && now > 3.5 && now < 6.5) return recorded("72");
      if (call === "GET /cluster/status" && now > 1.5 && now < 8.5) {
        return [
          { type: "cluster", name: "labc", quorate: 1 },
          { type: "node", name: "pv7", nodeid: 1, online: 0 },
          { type: "node", name: "pv8", nodeid: 2, online: 1 },
        ];
      }
      return healthy(call, host, form);
    });
    expect(events.map((event) => event.kind)).toEqual([
      "other-node-lost",
      "other-node-lost",
      "node-lost",
      "fencing-started",
      "fenced",
    ]);
    expect(session.memory.fenced).not.toBeNull();
    expect(session.memory.judgeReturned).not.toBeNull();
    expect(session.memory.latestLook).toBeNull();
  });
});

describe("readTimers", () => {
  test.each([
    ["3ie9F7dDZPaHkWF0kMCesg", 0, 100],
    ["NDyvjU9SN1lsgu0aXJLe7Q", 1000, 1100],
  ])(
    "gives the lock's age from the looks that saw its stamp change, and the results with it: %s",
    async (uid, soonest, latest) => {
      const clock = new VirtualClock();
      const stampAfter: Answering = (call, host, form) => {
        if (!call.endsWith("manager_status")) return healthy(call, host, form);
        const text = JSON.stringify(recorded("07"));
        const old: unknown = JSON.parse(text);
        const renewed: unknown = JSON.parse(
          text.replace("1795319421", "1795319431").replaceAll("3ie9F7dDZPaHkWF0kMCesg", uid),
        );
        return secondsNow(clock) < 6.5 ? old : renewed;
      };
      const session = sessionOf(clock, fakeApi(clock, stampAfter));
      const stop = new AbortController();
      const watching = observe(
        session,
        { vmid: 100, victim: () => null, onEvent: () => undefined },
        stop.signal,
      );
      await clock.runUntilSettled(clock.sleep(seconds(10.5), stop.signal));
      const timers = await clock.runUntilSettled(readTimers(session, "pv8", stop.signal));
      stop.abort(new Error("enough"));
      await clock.runUntilSettled(watching);
      // Written between the looks at 6 and 7 s, renewed that much before.
      const [asked, answered] = timers.at_ms;
      expect(timers).toMatchObject({
        kind: "proxmox",
        master: "pv7",
        victim_is_master: false,
        lock_age_ms: [asked - 7010 + soonest, answered - 6000 + latest],
        crm_age_ms: null,
        lrm_states: { pv7: "wait_for_agent_lock", pv8: "active", pv9: "wait_for_agent_lock" },
        lrm_services: { pv8: 1 },
        fenced_nodes: [],
        nodes: 3,
        token_ms: 3000,
      });
    },
  );

  test("counts each node's services: one on the move on both, one that is stopped nowhere", async () => {
    const clock = new VirtualClock();
    const status = {
      manager_status: {
        master_node: "pv7",
        service_status: {
          "vm:100": service("started", "pv8"),
          "vm:101": service("migrate", "pv8", "pv9"),
          "vm:102": service("stopped", "pv7"),
          "vm:103": service("error", "pv9"),
        },
      },
      lrm_status: {},
    };
    const session = sessionOf(
      clock,
      fakeApi(clock, () => status),
    );
    const timers = await clock.runUntilSettled(
      readTimers(session, "pv8", new AbortController().signal),
    );
    expect(timers).toMatchObject({ lrm_services: { pv8: 2, pv9: 2 } });
  });
});
