import { describe, expect, it } from "vitest";
import { apiPlaces } from "../../../src/study/guards/api-places.ts";

describe("apiPlaces", () => {
  it("asks for the addresses of those hosts alone of which the inventory tells no node", async () => {
    const asked: string[] = [];
    const hosts = [
      { url: "https://pve1.example.org:8006", node: "pve1" },
      { url: "https://api.example.org:6443", node: null },
      { url: "https://[2001:db8::1]:6443", node: null },
    ];
    const places = await apiPlaces(hosts, async (host) => {
      asked.push(host);
      return await Promise.resolve([`address of ${host}`]);
    });
    expect(asked).toEqual(["api.example.org", "2001:db8::1"]);
    expect(places).toEqual([
      { node: "pve1", addresses: [] },
      { node: null, addresses: ["address of api.example.org"] },
      { node: null, addresses: ["address of 2001:db8::1"] },
    ]);
  });
});
