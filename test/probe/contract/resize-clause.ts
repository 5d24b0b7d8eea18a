import { isDeepStrictEqual } from "node:util";
import { expect, it, vi } from "vitest";
import type { SampleResult } from "../../../src/model/sample.ts";
import { FramePlaces } from "../../../src/probe/frame-places.ts";
import { resultAt } from "../attempts.ts";
import { pictureAfter, screenOf } from "./halted-attempt.ts";
import type { Clause } from "./subject.ts";

const uniform = { kind: "bad", reached: "rfb", failure: { kind: "uniform-frame" } };

/** For desktops that can give their screen another size. */
export const resizeClause: Clause = (desktop) => {
  it("may change the size of its screen in the middle of an attempt", async () => {
    const { endpoint, resize } = desktop();
    const places = new FramePlaces();
    const before = await screenOf(endpoint);
    await pictureAfter(endpoint, places, async () => {
      await resize();
      await vi.waitFor(async () => expect(await screenOf(endpoint)).not.toEqual(before), 5000);
    });
    const meanwhile = async (): Promise<readonly SampleResult[]> => {
      const results: SampleResult[] = [];
      for (let count = 0; count < 20; count++) results.push(await resultAt(endpoint, { places }));
      return results;
    };
    const [results] = await Promise.all([meanwhile(), resize()]);
    const broken = results.filter(
      (result) => result.kind !== "good" && !isDeepStrictEqual(result, uniform),
    );
    expect(broken).toEqual([]);
    const answer = async (): Promise<unknown> => await resultAt(endpoint, { places });
    await expect.poll(answer).toMatchObject({ kind: "good" });
  });
};
