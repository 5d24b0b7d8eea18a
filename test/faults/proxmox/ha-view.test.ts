import { describe, expect, it } from "vitest";
import type { ProxmoxApi } from "../../../src/clients/proxmox/proxmox-api.ts";
import { haView } from "../../../src/faults/proxmox/ha-view.ts";

const never = new AbortController().signal;

/** An API that says this of the HA manager, and nothing else. */
function saying(manager: unknown, lrmMode = "active"): ProxmoxApi {
  const data = {
    manager_status: manager,
    lrm_status: { pve2: { state: "active", mode: lrmMode, timestamp: 1 } },
  };
  const manager_status = { $get: async () => await Promise.resolve(data) };
  return { paths: () => ({ cluster: { ha: { status: { manager_status } } } }) } as never;
}

describe("a node's HA maintenance", () => {
  const cases: readonly (readonly [string, ProxmoxApi, boolean])[] = [
    ["nothing", saying({ node_status: { pve2: "online" } }), false],
    [
      "a request that the LRM has not followed yet",
      saying({ node_request: { pve2: { maintenance: 1 } }, node_status: { pve2: "online" } }),
      true,
    ],
    ["a request as text", saying({ node_request: { pve2: { maintenance: "1" } } }), true],
    ["an LRM on its way", saying({ node_status: { pve2: "online" } }, "maintenance"), true],
    ["the state itself", saying({ node_status: { pve2: "maintenance" } }), true],
    [
      "a request that was taken back",
      saying({ node_request: { pve2: {} }, node_status: { pve2: "online" } }),
      false,
    ],
    ["another node's", saying({ node_request: { pve3: { maintenance: 1 } } }), false],
  ];
  for (const [what, api, expected] of cases) {
    it(`is ${expected ? "" : "not "}seen in ${what}`, async () => {
      expect(await haView(api).inMaintenance("pve2", never)).toBe(expected);
    });
  }
});
