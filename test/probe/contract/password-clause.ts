import { expect, it } from "vitest";
import { attemptAt, password, resultAt } from "../attempts.ts";
import type { Clause } from "./subject.ts";
import { watchUntil } from "./watch-until.ts";

/** For desktops that ask for a VNC password. */
export const passwordClause: Clause = (desktop) => {
  it("turns a wrong password away once, is then left alone, and lets others in", async () => {
    const wrong = { ...desktop().endpoint, vnc_password: password("wrong") };
    const samples = await watchUntil(wrong, 40);
    const bad = samples.filter(({ result }) => result.kind === "bad");
    expect(bad.map(({ result }) => result)).toEqual([
      {
        kind: "bad",
        reached: "websocket",
        failure: {
          kind: "rfb",
          detail: expect.stringContaining("authentication failed") as string,
        },
      },
    ]);
    expect(samples.map(({ result }) => result.kind)).not.toContain("good");
    expect(await resultAt(desktop().endpoint)).toMatchObject({ kind: "good" });
  });

  it("is not given a try without a password", async () => {
    const none = { ...desktop().endpoint, vnc_password: null };
    const { result, refusal } = await attemptAt(none);
    expect(result).toMatchObject({ reached: "websocket", failure: { kind: "rfb" } });
    expect(refusal).toBe("not-admitted");
    expect(await resultAt(desktop().endpoint)).toMatchObject({ kind: "good" });
  });
};
