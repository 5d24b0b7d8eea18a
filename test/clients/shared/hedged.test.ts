import { describe, expect, test } from "vitest";
import { inMs, milliseconds, sinceOrigin } from "../../../src/base/time.ts";
import { hedged } from "../../../src/clients/shared/hedged.ts";
import { PulsePatience } from "../../../src/clients/shared/pulse-patience.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

/** What a host does: answers after so many milliseconds, fails after them, or nothing. */
type Host = { readonly name: string } & (
  { readonly answers: number } | { readonly fails: number } | { readonly hangs: true }
);
const never = new AbortController().signal;

async function ask(candidates: readonly Host[], signal = never, isFinal = () => false) {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const silent: string[] = [];
  const givenUp: string[] = [];
  const onSilent = ({ name }: Host): void => void silent.push(name);
  const hedge = { candidates, silence: milliseconds(300), clock, isFinal, onSilent };
  const answer = hedged(hedge, signal, async (host, until) => {
    asked.push(`${host.name} at ${inMs(sinceOrigin(clock.now()))}`);
    until.addEventListener("abort", () => givenUp.push(host.name), { once: true });
    const wait = "answers" in host ? host.answers : "fails" in host ? host.fails : 1e9;
    await clock.sleep(milliseconds(wait), until);
    if ("fails" in host) throw new Error(`${host.name} failed`);
    return host.name;
  });
  const value = await clock
    .runUntilSettled(answer)
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  return { value, asked, silent, givenUp, at: inMs(sinceOrigin(clock.now())) };
}

describe("hedged", () => {
  test("asks only the first while that one answers", async () => {
    const { value, asked } = await ask([
      { name: "a", answers: 299 },
      { name: "b", answers: 1 },
    ]);
    expect({ value, asked }).toEqual({ value: "a", asked: ["a at 0"] });
  });

  test("asks the next one when one is silent, at once when one fails, and gives up the slower", async () => {
    const { value, asked, silent, givenUp, at } = await ask([
      { name: "a", hangs: true },
      { name: "b", fails: 5 },
      { name: "c", answers: 10 },
    ]);
    expect({ value, at }).toEqual({ value: "c", at: 315 });
    expect(asked).toEqual(["a at 0", "b at 300", "c at 305"]);
    expect(silent).toEqual(["a"]);
    expect(givenUp).toContain("a");
  });

  test("takes the answer of one that was only slow", async () => {
    const { value, at } = await ask([
      { name: "a", answers: 350 },
      { name: "b", answers: 100 },
    ]);
    expect({ value, at }).toEqual({ value: "a", at: 350 });
  });

  test("rejects with the first failure when all have failed, and with a final one at once", async () => {
    const failing: readonly Host[] = [
      { name: "a", fails: 5 },
      { name: "b", fails: 5 },
    ];
    expect((await ask(failing)).value).toBe("a failed");
    const final = await ask(failing, never, () => true);
    expect(final).toMatchObject({ value: "a failed", asked: ["a at 0"] });
  });

  test("ends with its signal's reason", async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort(new Error("enough")));
    expect((await ask([{ name: "a", hangs: true }], stop.signal)).value).toBe("enough");
  });
});

/** How long it waits, in milliseconds. */
const limitOf = async (patience: PulsePatience, clock: VirtualClock): Promise<number> => {
  const began = clock.now();
  const over = patience.deadline();
  const ended = new Promise<void>((resolve) => {
    over.addEventListener("abort", () => resolve(), { once: true });
  });
  await clock.runUntilSettled(ended);
  return inMs(sinceOrigin(clock.now())) - inMs(sinceOrigin(began));
};

describe("PulsePatience", () => {
  test("grows with each silence, and is forgiven after half a minute of quick answers", async () => {
    const clock = new VirtualClock();
    const patience = new PulsePatience(milliseconds(600), clock);
    expect(await limitOf(patience, clock)).toBe(600);
    patience.wasSilent();
    expect(await limitOf(patience, clock)).toBe(1200);
    patience.wasSilent();
    expect(await limitOf(patience, clock)).toBe(2400);
    patience.answered(milliseconds(1000));
    expect(await limitOf(patience, clock)).toBe(2400);
    await clock.runUntilSettled(clock.sleep(milliseconds(31_000), never));
    expect(await limitOf(patience, clock)).toBe(600);
  });

  test("is short again for one that was dead and has come back", async () => {
    const clock = new VirtualClock();
    const patience = new PulsePatience(milliseconds(600), clock);
    for (let count = 0; count < 20; count++) patience.wasSilent();
    expect(await limitOf(patience, clock)).toBe(5000);
    patience.answered(milliseconds(5));
    expect(await limitOf(patience, clock)).toBe(1200);
  });
});
