import { createSecureContext } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TicketEndpoint } from "../../src/contracts/endpoint.ts";
import { attemptAt, novnc, resultAt } from "./attempts.ts";
import type { TestTrust } from "./certificates.ts";
import { makeTrust } from "./certificates.ts";
import type { FakeDesktop } from "./fake-desktop.ts";
import { fakeDesktop } from "./fake-desktop.ts";

describe("attempt over TLS", () => {
  let trust: TestTrust;
  let stranger: TestTrust;
  let fake: FakeDesktop;
  beforeAll(async () => {
    trust = await makeTrust("desktop.example.org");
    stranger = await makeTrust("desktop.example.org");
    fake = await fakeDesktop({ tls: trust });
  });
  afterAll(async () => {
    await fake.close();
  });

  it("trusts the CA it was given, for page and WebSocket alike", async () => {
    expect(await resultAt(novnc(fake, { ca_pem: trust.ca }))).toMatchObject({ kind: "good" });
  });

  it("compares the certificate with the name in the Host header, where there is one", async () => {
    const named = { ca_pem: trust.ca, host_header: "desktop.example.org" };
    expect(await resultAt(novnc(fake, named))).toMatchObject({ kind: "good" });
    const other = { ca_pem: trust.ca, host_header: "other.example.org" };
    expect(await resultAt(novnc(fake, other))).toMatchObject({
      kind: "bad",
      reached: "tcp",
      failure: { kind: "tls" },
    });
  });

  it("says tls for an unknown CA, and for a server that speaks none", async () => {
    for (const ca_pem of [stranger.ca, null]) {
      expect(await resultAt(novnc(fake, { ca_pem }))).toMatchObject({
        kind: "bad",
        reached: "tcp",
        failure: { kind: "tls" },
      });
    }
    const clear = await fakeDesktop();
    const urls = {
      page_url: `https://127.0.0.1:${clear.port}/`,
      websocket_url: clear.websocket_url,
    };
    expect(await resultAt(novnc(urls))).toMatchObject({ reached: "tcp", failure: { kind: "tls" } });
    await clear.close();
  });

  it("tells the server that name, so that it can choose its certificate, for page and WebSocket", async () => {
    const asked: string[] = [];
    const other = await makeTrust("other.example.org");
    const choosing = await fakeDesktop({
      tls: {
        ...other,
        SNICallback: (name, choose) => {
          asked.push(name);
          choose(null, createSecureContext(trust));
        },
      },
    });
    const named = { ca_pem: trust.ca, host_header: "desktop.example.org:8443" };
    expect(await resultAt(novnc(choosing, named))).toMatchObject({ kind: "good" });
    expect(asked).toEqual(["desktop.example.org", "desktop.example.org"]);
    expect(choosing.hosts).toEqual(["desktop.example.org:8443", "desktop.example.org:8443"]);
    await choosing.close();
  });

  const pinned = (fingerprint: string): TicketEndpoint => ({
    kind: "ticket",
    minimum_period_ms: 1000,
    address: () => ({ host: "127.0.0.1", port: fake.port }),
    open: async () =>
      await Promise.resolve({
        websocket_url: fake.websocket_url,
        headers: {},
        vnc_password: "",
        ca_pem: null,
        fingerprint,
        instance: "pve1",
      }),
  });

  it("trusts a pinned certificate, in either spelling, and no other", async () => {
    const bare = trust.fingerprint.replaceAll(":", "").toLowerCase();
    for (const fingerprint of [trust.fingerprint, bare]) {
      expect(await resultAt(pinned(fingerprint))).toEqual({ kind: "good", instance: "pve1" });
    }
    const other = await attemptAt(pinned(stranger.fingerprint));
    expect(other.result).toMatchObject({ reached: "http", failure: { kind: "tls" } });
  });
});
