import { describe, expect, it } from "vitest";
import { inSeconds, minutes, seconds, sinceOrigin } from "../../../src/base/time.ts";
import type { NetworkCut } from "../../../src/model/fault-spec.ts";
import { full, scene } from "../a-scene.ts";

const all: NetworkCut = { kind: "network-cut", cut: "all", for_ms: 180_000, over: "ssh" };
/** Not the one that SSH comes in by. */
const other: NetworkCut = { ...all, cut: "10.10.0.0/24" };
const TIMER = /blackout-network-timer >/u;

describe("a network cut", () => {
  it("sets the timer, sees it run, and only then cuts, detached", async () => {
    const { strike, node } = scene(all);
    await strike();
    const sent = node.commands.slice(node.commands.findIndex((command) => TIMER.test(command)));
    expect(sent.slice(0, 3)).toEqual([
      "setsid sh -c 'sleep 180; ip link set dev eno1 up; ip link set dev eno2 up; ip route replace default via 192.168.1.1 dev eno1' blackout-network-timer >/dev/null 2>&1 </dev/null &",
      "pgrep -f 'blackout-network-[t]imer'",
      "setsid sh -c 'sleep 0.05; ip link set dev eno1 down; ip link set dev eno2 down' >/dev/null 2>&1 </dev/null &",
    ]);
  });

  it("does not cut when the timer is not seen to run", async () => {
    const { strike, node } = scene(all);
    node.os.timersDie = true;
    await expect(strike()).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/Nothing was cut/u),
    });
    expect(node.os.acts).toEqual([]);
  });

  it("does not cut when the way to it took so long that the cut might come after its timer", async () => {
    const { strike, node } = scene({ ...all, for_ms: 1000 });
    node.slowness = (command) => seconds(TIMER.test(command) ? 0.6 : 0);
    await expect(strike()).rejects.toMatchObject({ code: "timed-out" });
    expect(node.os.acts.filter((act) => act.endsWith("down"))).toEqual([]);
  });

  it("is proven by silence, and the span holds the true instant", async () => {
    const { strike, node, clock } = scene(all);
    let truth = 0;
    node.heard = (command) => {
      if (command.includes("eno1 down")) truth = inSeconds(sinceOrigin(clock.now())) + 0.05;
      return command;
    };
    const { gone, evidence } = await strike();
    expect(evidence).toMatch(/3 tries/u);
    expect(inSeconds(sinceOrigin(gone.earliest))).toBeLessThanOrEqual(truth);
    expect(inSeconds(sinceOrigin(gone.latest))).toBeGreaterThanOrEqual(truth);
    // A second between two tries beside looks, and three that each wait for half a second.
    expect(inSeconds(sinceOrigin(gone.latest))).toBeLessThan(truth + 2.75);
  });

  it("is proven by the links themselves where SSH goes by another network", async () => {
    const { strike } = scene(other);
    const { gone, evidence } = await strike();
    expect(evidence).toBe("down: eno2");
    expect(
      inSeconds(sinceOrigin(gone.latest)) - inSeconds(sinceOrigin(gone.earliest)),
    ).toBeLessThan(0.5);
  });

  it("is not proven while the links stay up", async () => {
    const { strike, node } = scene(other);
    node.heard = (command) => command.replace("eno2 down", "eno9 down");
    await expect(strike(30)).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/stayed up/u),
    });
  });

  it("is refused where it cannot be resolved or put back, or an earlier one still runs", async () => {
    expect(await scene(all).guards()).toEqual([]);
    expect(await scene(all, { bmc: null }).guards()).toEqual([]);
    expect(await scene({ ...all, cut: "eno9" }).guards()).toEqual(["network-cut"]);
    const several = scene(all);
    several.node.os.routes = [{ dst: "default", nexthops: [{ gateway: "1.1.1.1", dev: "eno1" }] }];
    expect(await several.guards()).toEqual(["network-cut"]);
    const earlier = scene(all);
    earlier.node.os.timers = 1;
    expect(await earlier.guards()).toEqual(["network-cut"]);
    await expect(earlier.strike()).rejects.toMatchObject({ code: "unsafe" });
    const strange = scene(all);
    strange.node.os.links = [{ nonsense: true }];
    expect(await strange.guards()).toEqual(["ssh-reachable"]);
  });
});

describe("healing a network cut", () => {
  it("waits for the timer, and sees the links up and the timer gone", async () => {
    for (const spec of [all, other]) {
      const { strike, heal, node, elapsed } = scene(spec);
      await strike();
      await heal();
      expect(node.os).toMatchObject({ timers: 0, down: new Set() });
      expect(node.controls).toEqual([]);
      expect(elapsed()).toBeGreaterThan(180);
      expect(elapsed()).toBeLessThan(200);
    }
  });

  it("takes links up at once that are down while SSH answers, with their routes", async () => {
    const { strike, heal, node, clock } = scene(other);
    node.os.routes.push({ dst: "10.11.0.0/16", gateway: "10.10.0.1", dev: "eno2", flags: [] });
    await strike();
    let upAt = 0;
    const watch = (): void => {
      if (upAt === 0 && node.os.down.size === 0) upAt = inSeconds(sinceOrigin(clock.now()));
      clock.queue.after(seconds(1), watch);
    };
    watch();
    await heal();
    expect(upAt).toBeLessThan(10);
    expect(node.os.acts).toContain("ip route replace 10.11.0.0/16 via 10.10.0.1 dev eno2");
  });

  it("comes through a reset by the watchdog, which ends the timer", async () => {
    const { strike, heal, node, clock } = scene(all);
    await strike();
    clock.queue.after(seconds(65), () => node.reset());
    await heal();
    expect(node).toMatchObject({ system: "up", controls: [] });
    expect(node.os.timers).toBe(0);
  });

  it("leaves links down to their timer in a fresh process, and takes up itself what no timer will", async () => {
    const { strike, heal, fresh, node } = scene(other);
    await strike();
    await heal(3600, fresh());
    expect(node.os.down.size).toBe(0);
    const lost = scene(other);
    lost.node.os.down.add("eno2");
    await lost.heal(3600, lost.fresh());
    expect(lost.node.os.acts).toEqual(["ip link set dev eno2 up"]);
    expect(lost.node.os.down.size).toBe(0);
  });

  it("power-cycles a node that stays away long after its timer, once and only with a BMC", async () => {
    const gone = scene(all);
    gone.node.system = "dead";
    await gone.heal();
    expect(gone.node.controls).toEqual(["cycle"]);
    expect(gone.elapsed()).toBeGreaterThan(180 + 300);
    const without = scene(all, { bmc: null });
    without.node.system = "dead";
    await expect(without.heal(1200)).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/on its console/u),
    });
  });

  it("needs no BMC that answers for a node that comes back", async () => {
    const { strike, heal, node } = scene(all, { bmc: full.bmc });
    await strike();
    node.bmcError = null;
    await heal(inSeconds(minutes(10)));
    expect(node.os.down.size).toBe(0);
  });
});
