import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admitPodSpec } from "../../../src/twin/kubernetes/admission.ts";
import type { Taint } from "../../../src/twin/kubernetes/objects.ts";
import { toleratedSeconds, toleratesAll } from "../../../src/twin/kubernetes/tolerations.ts";
import { evictionRate, zoneStateOf } from "../../../src/twin/kubernetes/zone-disruption.ts";

const seed = 20_260_102;
const unreachable: Taint = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" };

describe("zoneStateOf", () => {
  test("is partial only with more than two and at least 55 % of the nodes lost, full with all", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (ready) => {
        const lost = ready.filter((each) => !each).length;
        const isFull = lost === ready.length;
        const isPartial = !isFull && lost > 2 && lost * 100 >= 55 * ready.length;
        expect(zoneStateOf(ready)).toBe(isFull ? "full" : isPartial ? "partial" : "normal");
      }),
      { seed },
    );
  });

  test("stops evictions of a partially lost small zone, and slows those of a large one", () => {
    expect(evictionRate("partial", 50, 0.1)).toBe(0);
    expect(evictionRate("partial", 51, 0.1)).toBe(0.01);
    expect(evictionRate("normal", 4, 0.1)).toBe(0.1);
    expect(evictionRate("full", 4, 0.1)).toBe(0.1);
  });
});

describe("tolerations", () => {
  test("last the shortest time of those that match, for ever without one, and not at all without a match", () => {
    const { key, effect } = unreachable;
    const seconds = (tolerationSeconds: number | undefined) =>
      toleratedSeconds([{ key, effect, operator: "Exists", tolerationSeconds }], [unreachable]);
    expect(seconds(1)).toBe(1);
    expect(seconds(-5)).toBe(0);
    expect(seconds(undefined)).toBe(Number.POSITIVE_INFINITY);
    expect(toleratedSeconds([], [unreachable])).toBe(0);
    expect(toleratedSeconds([{ key, value: "other" }], [unreachable])).toBe(0);
    expect(toleratesAll([{ operator: "Exists" }], [unreachable])).toBe(true);
    expect(toleratesAll([{ key, effect: "NoSchedule", operator: "Exists" }], [unreachable])).toBe(
      false,
    );
  });

  test("are added to a pod that has none for not-ready and unreachable, and only then", () => {
    const containers = [{ name: "a" }];
    const seconds = (tolerations: Parameters<typeof admitPodSpec>[0]["tolerations"]) =>
      admitPodSpec({ containers, tolerations }, 300).tolerations?.map(
        (each) => each.tolerationSeconds,
      );
    expect(seconds(undefined)).toEqual([300, 300]);
    const own = { key: unreachable.key, operator: "Exists", tolerationSeconds: 1 } as const;
    expect(seconds([own])).toEqual([1, 300]);
    expect(seconds([{ operator: "Exists" }])).toEqual([undefined]);
  });
});
