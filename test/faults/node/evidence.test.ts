import { describe, expect, it } from "vitest";
import { spanFromMs, spanInMs } from "../../../src/base/interval.ts";
import { instantFromMs } from "../../../src/base/time.ts";
import type { Evidence } from "../../../src/faults/node/evidence.ts";
import {
  judgeDeath,
  nothingSeen,
  sawLife,
  sawMiss,
  sawOff,
  sawRefusal,
} from "../../../src/faults/node/evidence.ts";

type Learn = (before: Evidence) => Evidence;
const life =
  (ms: number): Learn =>
  (before) =>
    sawLife(before, instantFromMs(ms));
const miss =
  (ms: number): Learn =>
  (before) =>
    sawMiss(before, instantFromMs(ms));
const refusal =
  (ms: number): Learn =>
  (before) =>
    sawRefusal(before, instantFromMs(ms));
const off =
  (ms: number): Learn =>
  (before) =>
    sawOff(before, instantFromMs(ms));

const goneBy = (power: boolean, ...learnt: readonly Learn[]): unknown => {
  const evidence = learnt.reduce((before, learn) => learn(before), nothingSeen(spanFromMs([0, 0])));
  const proof = judgeDeath(evidence, { ssh: true, power, teller: "the BMC" });
  return proof === null ? null : spanInMs(proof.gone);
};

describe("judgeDeath", () => {
  it("lets a machine have lived through lost packets, up to the end of the try that makes a death", () => {
    expect(goneBy(false, life(100), miss(700), miss(1300))).toBeNull();
    expect(goneBy(false, life(100), miss(700), miss(1300), miss(1900))).toEqual([100, 1900]);
    const longer = [life(100), miss(700), miss(1300), miss(1900), miss(2500)];
    expect(goneBy(false, ...longer)).toEqual([100, 1900]);
  });

  it("takes the word of whoever saw the power go, when the silence agrees", () => {
    expect(goneBy(true, life(100), off(400), miss(700), miss(1300))).toBeNull();
    expect(goneBy(true, life(100), off(400), miss(700), miss(1300), miss(1900))).toEqual([
      100, 400,
    ]);
  });

  it("does not let an off of before the last sign of life end the span where it begins", () => {
    const stale = [off(50), life(100), miss(700), miss(1300), miss(1900)];
    expect(goneBy(true, ...stale)).toEqual([100, 1900]);
  });

  it("takes a machine that refuses for alive, unless it was silent before", () => {
    expect(goneBy(false, life(100), refusal(200), refusal(300), refusal(400))).toBeNull();
    expect(goneBy(false, life(100), miss(700), refusal(800), refusal(900))).toEqual([100, 900]);
  });
});
