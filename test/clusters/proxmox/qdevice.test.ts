import { describe, expect, test } from "vitest";
import { deviceVotes } from "../../../src/clusters/proxmox/qdevice.ts";

describe("deviceVotes", () => {
  test.each([
    [null, 4, { configured: 0, cast: 0 }],
    [{}, 4, { configured: 0, cast: 0 }],
    [{ Algorithm: "Fifty-Fifty split", State: "Connected" }, 4, { configured: 1, cast: 1 }],
    [{ Algorithm: "Fifty-Fifty split" }, 4, { configured: 1, cast: 0 }],
    [{ Algorithm: "LMS", State: "Connected" }, 3, { configured: 2, cast: 2 }],
    [{ Algorithm: "LMS", State: "Connect failed" }, 3, { configured: 2, cast: 0 }],
    [{ Algorithm: "2 Node LMS", State: "Connected" }, 2, { configured: 1, cast: 0 }],
    [{ Algorithm: "Test", State: "Connected" }, 3, { configured: 2, cast: 0 }],
  ])("of %j on %i nodes are %j", (device, nodes, expected) => {
    expect(deviceVotes(device, nodes)).toEqual(expected);
  });
});
