import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { after, origin, seconds } from "../../src/base/time.ts";
import { EventQueue } from "../../src/twin/event-queue.ts";

describe("EventQueue", () => {
  it("runs events in order of time, ties in order of scheduling, whatever was cancelled", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ delay: fc.integer({ min: 0, max: 20 }), cancelled: fc.boolean() })),
        (plans) => {
          const queue = new EventQueue();
          const ran: number[] = [];
          const cancels = plans.map((plan, index) =>
            queue.after(seconds(plan.delay), () => ran.push(index)),
          );
          plans.forEach((plan, index) => {
            if (plan.cancelled) cancels[index]?.();
          });
          queue.advanceTo(after(origin, seconds(100)));
          const expected = plans
            .map((plan, index) => ({ ...plan, index }))
            .filter((plan) => !plan.cancelled)
            .toSorted((a, b) => a.delay - b.delay || a.index - b.index)
            .map((plan) => plan.index);
          expect(ran).toEqual(expected);
        },
      ),
    );
  });

  it("lets every event see its own exact instant, however late it is run", () => {
    const queue = new EventQueue();
    const seen: number[] = [];
    queue.after(seconds(1), () => {
      seen.push(queue.now());
      queue.after(seconds(1), () => seen.push(queue.now()));
    });
    queue.advanceTo(after(origin, seconds(60)));
    expect(seen).toEqual([seconds(1), seconds(2)]);
    expect(queue.now()).toBe(seconds(60));
  });
});
