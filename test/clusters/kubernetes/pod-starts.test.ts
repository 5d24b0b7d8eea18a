import { describe, expect, it } from "vitest";
import type { DurationRange } from "../../../src/base/interval.ts";
import { milliseconds } from "../../../src/base/time.ts";
import { PodStarts } from "../../../src/clusters/kubernetes/pod-starts.ts";
import { pod as spec } from "../../analysis/prediction/truth.ts";

const range = (low: number, high: number): DurationRange => ({
  low: milliseconds(low),
  high: milliseconds(high),
});

describe("starts of pods", () => {
  it("are kept of all desktops of one spec, and of no other", () => {
    const starts = new PodStarts();
    starts.deployed("first", spec, range(3000, 3200));
    starts.replaced("first", range(2000, 2100));
    starts.deployed("other", { ...spec, image: "desktop:2" }, range(9000, 9100));
    starts.deployed("second", spec, range(2200, 2400));
    const all = [range(3000, 3200), range(2000, 2100), range(2200, 2400)];
    expect(starts.ofAllLike("second")).toEqual(all);
    expect(starts.ofAllLike("first")).toEqual(all);
    expect(starts.ofAllLike("other")).toEqual([range(9000, 9100)]);
    expect(starts.ofDeployment("second")).toEqual(range(2200, 2400));
  });

  it("are the latest ones of a long run", () => {
    const starts = new PodStarts();
    starts.deployed("one", spec, range(1, 2));
    for (let count = 1; count <= 1000; count++) starts.replaced("one", range(count, count + 1));
    expect(starts.ofAllLike("one")).toHaveLength(15);
    expect(starts.ofAllLike("one").at(-1)).toEqual(range(1000, 1001));
  });

  it("tell nothing of a desktop that this process did not deploy, nor of a start that a gap hid", () => {
    const starts = new PodStarts();
    starts.replaced("unknown", range(2000, 2100));
    expect(starts.ofAllLike("unknown")).toEqual([]);
    expect(starts.ofDeployment("unknown")).toBeNull();
    starts.deployed("known", spec, range(3000, 5000));
    starts.replaced("known", range(-500, 2100));
    expect(starts.ofAllLike("known")).toEqual([range(3000, 5000)]);
  });
});
