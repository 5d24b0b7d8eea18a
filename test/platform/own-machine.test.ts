import { describe, expect, it } from "vitest";
import { addressesOf } from "../../src/platform/addresses-of.ts";
import { gatewaysOf, gatewaysOfIpv6 } from "../../src/platform/gateways.ts";
import { loginFrom, readOwnMachine } from "../../src/platform/own-machine.ts";

describe("gatewaysOf", () => {
  it("reads the next hops of /proc/net/route, and no directly connected network", () => {
    const table = [
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
      "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0",
      "eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0",
      "eth1\t0000000A\t0102030A\t0003\t0\t0\t0\t000000FF\t0\t0\t0",
      "eth1\t0000010A\t0202030A\t0002\t0\t0\t0\t000000FF\t0\t0\t0",
      "eth1\tnonsense",
      "",
    ].join("\n");
    expect(gatewaysOf(table)).toEqual(["192.0.2.1", "10.3.2.1"]);
  });

  it("reads those of /proc/net/ipv6_route", () => {
    const zeros = "0".repeat(32);
    const line = (nextHop: string, flags: string) =>
      `${zeros} 00 ${zeros} 00 ${nextHop} 00000400 00000001 00000000 ${flags}     eth0`;
    const table = [
      line("20010db8000000000000000000000001", "00000003"),
      line(zeros, "00000001"),
      line("fe800000000000000000000000000001", "00450003"),
      "garbage",
    ].join("\n");
    expect(gatewaysOfIpv6(table)).toEqual([
      "2001:0db8:0000:0000:0000:0000:0000:0001",
      "fe80:0000:0000:0000:0000:0000:0000:0001",
    ]);
  });
});

describe("loginFrom", () => {
  it.each([
    [{ SSH_CONNECTION: "198.51.100.7 50022 192.0.2.9 22" }, "198.51.100.7"],
    [{ SSH_CLIENT: "2001:db8::7 50022 22" }, "2001:db8::7"],
    [{ SSH_CONNECTION: "", SSH_CLIENT: undefined }, null],
    [{}, null],
  ])("of %j is %j", (environment, address) => {
    expect(loginFrom(environment)).toBe(address);
  });
});

describe("readOwnMachine", () => {
  it("reads this machine, and never rejects", async () => {
    const own = await readOwnMachine();
    expect(own.addresses).not.toContain("127.0.0.1");
    expect(own.boot_id).toMatch(/^[0-9a-f-]{36}$/u);
  });
});

describe("addressesOf", () => {
  it("gives an address as it is, a name's addresses, and nothing of a name that is none", async () => {
    expect(await addressesOf("192.0.2.9")).toEqual(["192.0.2.9"]);
    expect(await addressesOf("localhost")).not.toEqual([]);
    expect(await addressesOf("nowhere.invalid")).toEqual([]);
  });
});
