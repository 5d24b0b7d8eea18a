import { describe, expect, it } from "vitest";
import { controlEndpoint } from "../../../src/clients/shared/control-endpoint.ts";
import type { ApiHost } from "../../../src/model/inventory.ts";

const host = (node: string | null, url: string): ApiHost => ({ node, url });
const pve1 = host("pve1", "https://10.0.0.1:8006");
const pve2 = host("pve2", "https://10.0.0.2:8006");

describe("controlEndpoint", () => {
  it("is the API that would be asked next, each time anew", () => {
    let hosts = [pve1, pve2];
    const control = controlEndpoint(() => hosts, null);
    expect(control.address()).toEqual({ host: "10.0.0.1", port: 8006 });
    hosts = [pve2, pve1];
    expect(control.address()).toEqual({ host: "10.0.0.2", port: 8006 });
  });

  it("is never on the victim, even where that one may be asked", () => {
    expect(controlEndpoint(() => [pve1, pve2], "pve1").address().host).toBe("10.0.0.2");
  });

  it("takes a host that is on no node, and the port that an https URL does not tell", () => {
    const front = host(null, "https://[fd00::1]");
    expect(controlEndpoint(() => [pve1, front], "pve1").address()).toEqual({
      host: "fd00::1",
      port: 443,
    });
  });

  it("says what to do where every API host is on the victim", () => {
    const control = controlEndpoint(() => [pve1], "pve1");
    expect(() => control.address()).toThrow(/on the victim: it is pve1\. Add another node's URL/u);
    expect(() => control.address()).toThrow(expect.objectContaining({ code: "unreachable" }));
  });
});
