import { describe, expect, it } from "vitest";
import type { MachineFacts } from "../../src/model/cluster-facts.ts";
import type { OwnMachine } from "../../src/model/own-machine.ts";
import { mergedFacts, ownMachineTie } from "../../src/model/same-machine.ts";

const own: OwnMachine = {
  boot_id: "b",
  machine_id: "m",
  addresses: ["192.0.2.9", "2001:db8::9", "fe80::1"],
  gateways: ["192.0.2.1", "2001:0db8:0000:0000:0000:0000:0000:0001", "127.0.0.1"],
  login_from: "::ffff:198.51.100.7",
};
const unknown: MachineFacts = { boot_id: null, machine_id: null, addresses: [] };
const tie = (facts: Partial<MachineFacts>, us: Partial<OwnMachine> = {}): string | null =>
  ownMachineTie({ ...unknown, ...facts }, { ...own, ...us });

describe("ownMachineTie", () => {
  it("knows the machine by its running kernel, even from a container with another machine-id", () => {
    expect(tie({ boot_id: "b", machine_id: "other" })).toContain("boot_id");
  });

  it("knows it by its machine-id where the kernel does not tell", () => {
    expect(tie({ machine_id: "m" })).toContain("/etc/machine-id");
    expect(tie({ boot_id: "b", machine_id: "m" }, { boot_id: null })).toContain("/etc/machine-id");
  });

  it("takes a clone, or an address that has moved, for another machine where kernels differ", () => {
    expect(tie({ boot_id: "c", machine_id: "m", addresses: ["192.0.2.9"] })).toBeNull();
  });

  it.each([
    ["192.0.2.9", "an address of this machine"],
    ["2001:DB8:0:0:0:0:0:9", "an address of this machine"],
    ["fe80::1%eth0", "an address of this machine"],
    ["192.0.2.1", "is its gateway"],
    ["2001:db8::1", "is its gateway"],
    ["198.51.100.7", "the login that started this program"],
  ])("knows it by %s", (address, words) => {
    expect(tie({ addresses: ["203.0.113.5", address] })).toContain(words);
  });

  it("minds a gateway and a jump host although their kernels are others", () => {
    expect(tie({ boot_id: "c", addresses: ["192.0.2.1"] })).toContain("gateway");
    expect(tie({ boot_id: "c", addresses: ["198.51.100.7"] })).toContain("login");
  });

  it("learns nothing from loopback addresses, on which labs live, nor from what it does not know", () => {
    const loopback = { addresses: ["127.0.0.1", "127.5.0.1", "::1"], login_from: "127.0.0.1" };
    expect(tie({ addresses: ["127.0.0.1", "127.5.0.1", "::1"] }, loopback)).toBeNull();
    expect(tie({}, { boot_id: null, machine_id: null })).toBeNull();
    expect(tie({ addresses: ["pve1.example"] })).toBeNull();
  });
});

describe("mergedFacts", () => {
  it("adds up what two ways of asking told", () => {
    const first = { boot_id: "a", machine_id: null, addresses: ["1", "2"] };
    const second = { boot_id: "b", machine_id: "m", addresses: ["2", "3"] };
    expect(mergedFacts(first, second)).toEqual({
      boot_id: "a",
      machine_id: "m",
      addresses: ["1", "2", "3"],
    });
  });
});
