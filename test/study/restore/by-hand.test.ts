import { describe, expect, it } from "vitest";
import { byHand } from "../../../src/study/restore/by-hand.ts";

describe("byHand", () => {
  it("has nobody delete a VM that only has the number of ours", () => {
    const mark = "r1.t1";
    const desktop = {
      kind: "proxmox",
      vmid: 101,
      name: "d",
      mark,
      owned: true,
      before: null,
    } as const;
    const text = byHand({ kind: "remove-desktop", cluster: "office", desktop });
    expect(text).toContain("VM 101 (d)");
    expect(text).toContain("only if its description holds mark=r1.t1");
  });
});
