import { describe, expect, it } from "vitest";
import { after, minutes, origin, seconds } from "../../../src/base/time.ts";
import { ConsoleDesk } from "../../../src/lab/proxmox/console-desk.ts";
import { Sessions } from "../../../src/lab/proxmox/sessions.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const account = { id: "blackout@pve", secret: "x", privileged: true };
const who = { asked: "pv7", node: "pv8", vmid: 100, user: account.id };

describe("a login", () => {
  it("is good for two hours", () => {
    const clock = new VirtualClock();
    const sessions = new Sessions(clock);
    const { ticket } = sessions.open(account);
    clock.queue.advanceTo(after(origin, minutes(119)));
    expect(sessions.find(ticket)?.account).toBe(account);
    clock.queue.advanceTo(after(origin, minutes(120)));
    expect(sessions.find(ticket)).toBeNull();
    expect(sessions.find("PVE:nobody")).toBeNull();
  });

  it("pushes out the oldest when there are too many", () => {
    const sessions = new Sessions(new VirtualClock());
    const first = sessions.open(account);
    for (let count = 0; count < 200; count++) sessions.open(account);
    expect(sessions.find(first.ticket)).toBeNull();
  });
});

describe("the console ports of a node", () => {
  it("are a hundred, each free again when its ten seconds or its session are over", () => {
    const clock = new VirtualClock();
    const desk = new ConsoleDesk(clock);
    const slots = Array.from({ length: 100 }, () => desk.open(who));
    expect(new Set(slots.map((slot) => slot.port)).size).toBe(100);
    expect(() => desk.open(who)).toThrow("unable to find free port");
    expect(desk.open({ ...who, asked: "pv9" }).port).toBe(5900);

    const taken = desk.take("pv7", 5907);
    clock.queue.advanceTo(after(origin, seconds(11)));
    const again = Array.from({ length: 99 }, () => desk.open(who).port);
    expect(again).not.toContain(5907);
    if (taken !== null) desk.release(taken);
    expect(desk.open(who).port).toBe(5907);
  });

  it("are taken once", () => {
    const desk = new ConsoleDesk(new VirtualClock());
    const slot = desk.open(who);
    expect(slot.password).toHaveLength(8);
    expect(desk.take("pv8", slot.port)).toBeNull();
    expect(desk.take("pv7", slot.port)).toBe(slot);
    expect(desk.take("pv7", slot.port)).toBeNull();
  });
});
