import { afterEach, describe, expect, it } from "vitest";
import type { SessionFact } from "../../../src/model/held-session.ts";
import { requires } from "../../support/requires.ts";
import { attemptAt, password, resultAt } from "../attempts.ts";
import { watchUntil } from "./watch-until.ts";
import type { XvncDesktop } from "./xvnc.ts";
import { PATTERN, startXvnc, withoutPassword, withPassword, xvncPackages } from "./xvnc.ts";

const needed = requires(xvncPackages);

describe.skipIf(needed.skip)(`the probe's manners with Xtigervnc${needed.note}`, () => {
  const started: XvncDesktop[] = [];
  afterEach(async () => {
    for (const desktop of started.splice(0)) await desktop.stop();
  });
  const xvnc = async (...options: readonly string[]): Promise<XvncDesktop> => {
    const desktop = await startXvnc(options);
    started.push(desktop);
    return desktop;
  };

  it("locks nobody out with attempts as deep as the WebSocket", async () => {
    const { endpoint } = await xvnc(PATTERN, ...withPassword);
    for (let count = 0; count < 20; count++) await attemptAt(endpoint, { depth: "websocket" });
    expect(await resultAt(endpoint)).toMatchObject({ kind: "good" });
  });

  it("notices that it was locked out after wrong passwords", async () => {
    const { endpoint } = await xvnc(PATTERN, ...withPassword);
    const wrong = { ...endpoint, vnc_password: password("wrong") };
    const refusals: unknown[] = [];
    for (let count = 0; count < 7; count++) refusals.push((await attemptAt(wrong)).refusal);
    expect(refusals[0]).toBe("not-admitted");
    expect(refusals.at(-1)).toBe("locked-out");
  });

  it("locks nobody out when the VNC server hangs for a while", async () => {
    const { endpoint, vnc } = await xvnc(PATTERN, ...withPassword);
    vnc.kill("SIGSTOP");
    const watching = watchUntil(endpoint, 30, { period_ms: 100, attempt_timeout_ms: 1000 });
    setTimeout(() => vnc.kill("SIGCONT"), 1800);
    const results = (await watching).map(({ result }) => result);
    expect(results[0]).toEqual({
      kind: "bad",
      reached: "websocket",
      failure: { kind: "timed-out", during: "rfb" },
    });
    expect(
      results.filter((each) => each.kind === "unobserved" && each.why === "self-inflicted"),
    ).toEqual([]);
    expect(results.at(-1)).toMatchObject({ kind: "good" });
  });

  it("locks nobody out with a thousand attempts beside a held session, which they do not disturb", async () => {
    const { endpoint } = await xvnc(PATTERN, ...withPassword);
    const facts: SessionFact[] = [];
    const samples = await watchUntil(
      endpoint,
      1000,
      { period_ms: 60 },
      { hear: (fact) => facts.push(fact) },
    );
    expect(samples.length).toBeGreaterThanOrEqual(1000);
    const kinds = samples.map(({ result }) => result.kind);
    expect(kinds.filter((kind) => kind === "bad")).toEqual([]);
    expect(
      samples.filter(
        ({ result }) => result.kind === "unobserved" && result.why === "self-inflicted",
      ),
    ).toEqual([]);
    expect(kinds.filter((kind) => kind === "good").length).toBeGreaterThan(500);
    expect(facts.map(({ kind }) => kind)).toEqual(["session-held", "session-ended"]);
    expect(facts.at(-1)).toMatchObject({ how: "left-open", since_ms: null });
    expect(await resultAt(endpoint)).toMatchObject({ kind: "good" });
  });

  it("sees the held session freeze, thaw and break with the VNC server", async () => {
    const { endpoint, vnc } = await xvnc(PATTERN, ...withPassword);
    const facts: SessionFact[] = [];
    const watching = watchUntil(
      endpoint,
      100,
      { period_ms: 100, attempt_timeout_ms: 1000 },
      {
        hear: (fact) => {
          facts.push(fact);
          if (fact.kind === "session-held") vnc.kill("SIGSTOP");
          if (fact.kind === "session-frozen") vnc.kill("SIGCONT");
          if (fact.kind === "session-thawed") vnc.kill("SIGKILL");
        },
      },
    );
    await watching;
    expect(facts.map(({ kind }) => kind)).toEqual([
      "session-held",
      "session-frozen",
      "session-thawed",
      "session-ended",
    ]);
    expect(facts.at(-1)).toMatchObject({ how: "closed" });
  });

  it("calls a black screen uniform", async () => {
    const { endpoint } = await xvnc(...withoutPassword);
    expect(await resultAt(endpoint)).toEqual({
      kind: "bad",
      reached: "rfb",
      failure: { kind: "uniform-frame" },
    });
  });

  it("names the security type when there is only one that it does not speak", async () => {
    const { endpoint } = await xvnc(PATTERN, "-SecurityTypes", "TLSNone");
    const { result, refusal } = await attemptAt(endpoint);
    expect(result).toMatchObject({
      reached: "websocket",
      failure: { kind: "rfb", detail: expect.stringContaining("VeNCrypt (19)") as string },
    });
    expect(refusal).toBe("not-admitted");
  });
});
