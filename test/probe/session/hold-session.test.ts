import { afterEach, describe, expect, it } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { milliseconds } from "../../../src/base/time.ts";
import type { NovncEndpoint } from "../../../src/contracts/endpoint.ts";
import type { ProbeSpec } from "../../../src/model/experiment.ts";
import type { SessionFact } from "../../../src/model/held-session.ts";
import { Journey } from "../../../src/probe/journey.ts";
import { SecureContexts } from "../../../src/probe/layers/tls.ts";
import { freshManners } from "../../../src/probe/manners.ts";
import { Passwords } from "../../../src/probe/passwords.ts";
import { holdSession } from "../../../src/probe/session/hold-session.ts";
import { Turnstile } from "../../../src/probe/turnstile.ts";
import { quickClock } from "../../clients/quick-clock.ts";
import { novnc, secrets } from "../attempts.ts";
import type { Behaviour, FakeDesktop, Line } from "../fake-desktop.ts";
import { fakeDesktop, speakRfb } from "../fake-desktop.ts";

const spec: ProbeSpec = {
  depth: "frame",
  period_ms: 250,
  connect_timeout_ms: 1000,
  attempt_timeout_ms: 2000,
  max_in_flight: 16,
  consecutive: 4,
};
const clock = quickClock();
const grid = {
  period: milliseconds(250),
  connectTimeout: milliseconds(20_000),
  attemptTimeout: milliseconds(20_000),
};

const desktops: FakeDesktop[] = [];
afterEach(async () => {
  for (const desktop of desktops.splice(0)) await desktop.close();
});

/** A session with a desktop, and the facts that it told so far. */
async function hold(behaviour: Behaviour = {}, changes: Partial<ProbeSpec> = {}) {
  const desktop = await fakeDesktop(behaviour);
  desktops.push(desktop);
  return { ...follow(novnc(desktop), new Turnstile(), changes), desktop };
}

const nobody = (): void => undefined;

function follow(endpoint: NovncEndpoint, turnstile: Turnstile, changes: Partial<ProbeSpec> = {}) {
  const facts: SessionFact[] = [];
  const stop = new AbortController();
  let heard = nobody;
  const over = holdSession(
    { trial: "t", endpoint, spec: { ...spec, ...changes }, grid },
    {
      clock,
      contexts: new SecureContexts(),
      passwords: new Passwords(secrets),
      manners: { ...freshManners(), turnstile },
    },
    (fact) => {
      facts.push(fact);
      heard();
    },
    stop.signal,
  );
  const told = async (kind: SessionFact["kind"]): Promise<SessionFact> => {
    for (;;) {
      const fact = facts.find((each) => each.kind === kind);
      if (fact !== undefined) return fact;
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { facts, stop, over, told, kinds: () => facts.map((fact) => fact.kind) };
}

/** A desktop that answers as long as `answers`; its WebSocket is kept for the test. */
function stallable() {
  const state: { line: Line | null; stalled: Promise<void>; go: () => void } = {
    line: null,
    stalled: Promise.resolve(),
    go: () => undefined,
  };
  const speak = async (line: Line): Promise<void> => {
    state.line = line;
    const read = line.read.bind(line);
    line.read = async (count) => {
      const bytes = await read(count);
      await state.stalled;
      return bytes;
    };
    await speakRfb({ name: "pod-1" })(line);
  };
  const stall = (): void => {
    state.stalled = new Promise((resolve) => {
      state.go = resolve;
    });
  };
  return { state, speak, stall };
}

const stuck = (): never => {
  throw new Error("it draws nothing");
};

/** What three seconds are on this clock. */
const REAL_PATIENCE_MS = 3000 / clock.speed;

function standStillFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe("holdSession", () => {
  it("holds a session that never freezes until it is told to leave", async () => {
    const { stop, over, told, kinds, facts, desktop } = await hold({
      speak: speakRfb({ name: "pod-1" }),
    });
    expect(await told("session-held")).toMatchObject({ instance: "pod-1", every_ms: 1000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    stop.abort();
    await over;
    expect(kinds()).toEqual(["session-held", "session-ended"]);
    expect(facts.at(-1)).toMatchObject({ how: "left-open", since_ms: null });
    await expect.poll(() => desktop.open()).toBe(0);
  });

  it("only looks: shared, no key, no pointer, small pieces, one after the other", async () => {
    const { stop, over, told, desktop } = await hold();
    await told("session-held");
    await new Promise((resolve) => setTimeout(resolve, 100));
    stop.abort();
    await over;
    await expect.poll(() => desktop.sent.length).toBe(1);
    const sent = (desktop.sent[0] ?? Buffer.alloc(0)).subarray(12 + 1);
    expect(sent[0]).toBe(1);
    const setup = 1 + 20 + 4 + 4 * 3;
    const requests = sent.subarray(setup);
    expect(requests.length).toBeGreaterThan(10);
    for (let at = 0; at + 10 <= requests.length; at += 10) {
      // Type, incremental, x, y, width, height: 16 x 16 in the middle of 640 x 480.
      expect([...requests.subarray(at, at + 10)]).toEqual([3, 0, 1, 56, 0, 232, 0, 16, 0, 16]);
    }
  });

  it("tells when the picture stands still, and when it moves again", async () => {
    const { state, speak, stall } = stallable();
    const { stop, over, told, kinds, facts } = await hold({ speak });
    await told("session-held");
    stall();
    const frozen = await told("session-frozen");
    state.go();
    const thawed = await told("session-thawed");
    stop.abort();
    await over;
    expect(kinds()).toEqual(["session-held", "session-frozen", "session-thawed", "session-ended"]);
    expect(facts.at(-1)).toMatchObject({ how: "left-open", since_ms: null });
    const [earliest, latest] = frozen.kind === "session-frozen" ? frozen.since_ms : [0, 0];
    expect(earliest).toBeLessThan(latest);
    expect(thawed.kind === "session-thawed" && thawed.at_ms).toBeGreaterThan(latest);
  });

  it("tells of no frozen picture where this process stood still", async () => {
    const { state, speak } = stallable();
    const { stop, over, told, kinds } = await hold({ speak });
    await told("session-held");
    const line = present(state.line, "who is connected");
    const read = line.read.bind(line);
    const answeredLate = new Promise<void>((resolve) => {
      line.read = async (count) => {
        const bytes = await read(count);
        line.read = read;
        standStillFor(REAL_PATIENCE_MS + 20);
        setTimeout(resolve, REAL_PATIENCE_MS);
        return bytes;
      };
    });
    await answeredLate;
    stop.abort();
    await over;
    expect(kinds()).toEqual(["session-held", "session-ended"]);
  });

  it("is left frozen where the desktop stays silent to the end", async () => {
    const { speak, stall } = stallable();
    const { stop, over, told, facts } = await hold({ speak });
    await told("session-held");
    stall();
    const frozen = await told("session-frozen");
    stop.abort();
    await over;
    const since_ms = frozen.kind === "session-frozen" ? frozen.since_ms : null;
    expect(facts.at(-1)).toMatchObject({ kind: "session-ended", how: "left-open", since_ms });
  });

  it.each([
    ["reset", "reset", ""],
    ["close", "closed", "1001 going"],
    ["end", "closed", ""],
    ["text", "nonsense", expect.stringContaining("text message")],
  ] as const)("says how a frozen session breaks: %s", async (how, end, detail) => {
    const { state, speak, stall } = stallable();
    const { over, told, facts } = await hold({ speak });
    await told("session-held");
    stall();
    const frozen = await told("session-frozen");
    const line = state.line;
    if (how === "reset")
      Reflect.apply(Reflect.get(line?.socket ?? {}, "resetAndDestroy"), line?.socket, []);
    if (how === "close") line?.websocket.close(1001, "going");
    if (how === "end") line?.socket.end();
    if (how === "text") line?.websocket.send("hello");
    await over;
    const since_ms = frozen.kind === "session-frozen" ? frozen.since_ms : null;
    expect(facts.at(-1)).toEqual(
      expect.objectContaining({ kind: "session-ended", how: end, detail, since_ms }),
    );
  });

  it("tells at once of a session that breaks at rest", async () => {
    const { state, speak } = stallable();
    const { over, told, facts } = await hold({ speak });
    await told("session-held");
    state.line?.websocket.close(1000, "Target closed");
    await over;
    expect(facts.at(-1)).toMatchObject({ how: "closed", detail: "1000 Target closed" });
  });

  it("holds none where nobody is, where no picture comes, and where the probe goes no deeper", async () => {
    const refused = await hold({ refuseUpgrade: 502 });
    await refused.over;
    expect(refused.facts).toEqual([{ kind: "session-not-held", detail: "http-status, 502" }]);
    const blank = await hold({ speak: speakRfb({ colour: stuck }) });
    await blank.over;
    expect(blank.facts).toEqual([{ kind: "session-not-held", detail: "no picture came" }]);
    const shallow = await hold({}, { depth: "http" });
    await shallow.over;
    expect(shallow.facts).toEqual([
      { kind: "session-not-held", detail: "the probe goes no deeper than http" },
    ]);
  });

  it("waits for its turn: five handshakes at once would lock everybody out", async () => {
    const turnstile = new Turnstile();
    const others = new Journey(clock.now());
    (await turnstile.enter(others)).admitted();
    for (let count = 0; count < 4; count++) await turnstile.enter(others);
    const desktop = await fakeDesktop();
    desktops.push(desktop);
    const { told, stop, over, facts } = follow(novnc(desktop), turnstile);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(facts).toEqual([]);
    others.end();
    (await turnstile.enter(new Journey(clock.now()))).admitted();
    await told("session-held");
    stop.abort();
    await over;
  });
});
