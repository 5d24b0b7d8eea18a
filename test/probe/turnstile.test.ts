import { describe, expect, it } from "vitest";
import { origin } from "../../src/base/time.ts";
import { HeldBack } from "../../src/probe/attempt-failure.ts";
import { Journey } from "../../src/probe/journey.ts";
import type { Pass } from "../../src/probe/turnstile.ts";
import { Turnstile } from "../../src/probe/turnstile.ts";

interface Visit {
  readonly journey: Journey;
  pass: Pass | null;
  error: unknown;
}

/** Comes to the turnstile, and takes note of what becomes of it. */
function visit(turnstile: Turnstile): Visit {
  const seen: Visit = { journey: new Journey(origin), pass: null, error: null };
  turnstile.enter(seen.journey).then(
    (pass) => (seen.pass = pass),
    (error: unknown) => (seen.error = error),
  );
  return seen;
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};
const inside = (visits: readonly Visit[]): readonly boolean[] =>
  visits.map(({ pass }) => pass !== null);

describe("Turnstile", () => {
  it("lets one alone in, until that one was admitted; then four, and holds back a fifth", async () => {
    const turnstile = new Turnstile();
    const visits = Array.from({ length: 4 }, () => visit(turnstile));
    await settled();
    expect(inside(visits)).toEqual([true, false, false, false]);
    visits[0]?.pass?.admitted();
    visits.push(visit(turnstile));
    const tooMany = visit(turnstile);
    await settled();
    expect(inside(visits)).toEqual([true, true, true, true, true]);
    expect(tooMany.error).toBeInstanceOf(HeldBack);
    visits[1]?.journey.end();
    visits[2]?.journey.end();
    expect(visits.map(({ journey }) => journey.delayed)).toEqual([false, true, true, true, false]);
  });

  it("lets the last to come in first, one by one, while nobody is admitted", async () => {
    const turnstile = new Turnstile();
    const visits = Array.from({ length: 4 }, () => visit(turnstile));
    await settled();
    visits[0]?.journey.end();
    await settled();
    expect(inside(visits)).toEqual([true, false, false, true]);
    visits[3]?.journey.end();
    await settled();
    expect(inside(visits)).toEqual([true, false, true, true]);
  });

  it("sends away who waited and finds no place, once the desktop lets people in", async () => {
    const turnstile = new Turnstile();
    const visits = Array.from({ length: 6 }, () => visit(turnstile));
    await settled();
    visits[0]?.pass?.admitted();
    await settled();
    expect(inside(visits)).toEqual([true, false, true, true, true, true]);
    expect(visits[1]?.error).toBeInstanceOf(HeldBack);
  });

  it("forgets who waited until its deadline", async () => {
    const turnstile = new Turnstile();
    const [first, second, third] = [visit(turnstile), visit(turnstile), visit(turnstile)];
    await settled();
    third.journey.end();
    first.journey.end();
    await settled();
    expect(inside([first, second, third])).toEqual([true, true, false]);
    second.journey.end();
    const next = visit(turnstile);
    await settled();
    expect(next.pass).not.toBeNull();
  });

  it("sends all away who wait when one was turned away", async () => {
    const turnstile = new Turnstile();
    const visits = Array.from({ length: 3 }, () => visit(turnstile));
    await settled();
    turnstile.dismiss();
    visits[0]?.journey.end();
    await settled();
    expect(visits.map(({ error }) => error instanceof HeldBack)).toEqual([false, true, true]);
  });

  it("counts a place once, however often it is left", async () => {
    const turnstile = new Turnstile();
    const first = visit(turnstile);
    await settled();
    first.pass?.admitted();
    first.pass?.destroy();
    first.journey.end();
    const visits = Array.from({ length: 5 }, () => visit(turnstile));
    await settled();
    expect(inside(visits)).toEqual([true, true, true, true, false]);
  });
});
