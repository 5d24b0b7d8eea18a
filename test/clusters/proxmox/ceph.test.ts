import { describe, expect, test } from "vitest";
import { judgeCeph } from "../../../src/clusters/proxmox/ceph.ts";

/** As `ceph status` says it. */
const ceph = (status: string, ...messages: readonly string[]) => ({
  fsid: "0b3c",
  health: {
    status,
    checks: Object.fromEntries(
      messages.map((message, index) => [
        `CHECK_${index}`,
        { severity: "HEALTH_WARN", summary: { message, count: 1 } },
      ]),
    ),
    mutes: [],
  },
});

describe("judgeCeph", () => {
  test.each([
    [ceph("HEALTH_OK"), { healthy: true, detail: "Ceph says HEALTH_OK" }],
    [
      ceph("HEALTH_WARN", "1 osds down", "Degraded data redundancy: 3/9 objects degraded"),
      {
        healthy: false,
        detail:
          "Ceph says HEALTH_WARN: 1 osds down; Degraded data redundancy: 3/9 objects degraded",
      },
    ],
    [
      ceph("HEALTH_ERR", "a", "b", "c\u001b[2J", "d", "e"),
      { healthy: false, detail: "Ceph says HEALTH_ERR: a; b; c [2J and 2 more" },
    ],
    [
      ceph("HEALTH_WARN", "x".repeat(5000)),
      { healthy: false, detail: `Ceph says HEALTH_WARN: ${"x".repeat(100)}` },
    ],
    [
      { health: { status: "HEALTH_OK", checks: "?" } },
      { healthy: true, detail: "Ceph says HEALTH_OK" },
    ],
    [{}, null],
    ["nonsense", null],
  ])("of %j", (data, expected) => {
    expect(judgeCeph(data)).toEqual(expected);
  });
});
