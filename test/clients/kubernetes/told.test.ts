import { describe, expect, it } from "vitest";
import { origin } from "../../../src/base/time.ts";
import { Told } from "../../../src/clients/kubernetes/told.ts";

const object = (name: string) => ({ metadata: { name, resourceVersion: "1" } });
const change = (kind: "ADDED" | "DELETED", name: string, size: number) => ({
  kind,
  object: object(name),
  size,
});

describe("Told", () => {
  it("ends a watch that tells of ever more objects", () => {
    const told = new Told(null);
    const flood = (): void => {
      for (let count = 0; count < 1_000_000; count++) {
        told.change(change("ADDED", `pod-${count}`, 1000), origin);
      }
    };
    expect(flood).toThrow(/ever more objects/u);
  });

  it("bears any number of changes of the same objects, and of objects that come and go", () => {
    const told = new Told(null);
    for (let count = 0; count < 100_000; count++) {
      told.change(change("ADDED", "same", 1_000_000), origin);
      told.change(change("ADDED", `pod-${count}`, 1_000_000), origin);
      told.change(change("DELETED", `pod-${count}`, 0), origin);
    }
    expect(told.complete).toBe(origin);
  });
});
