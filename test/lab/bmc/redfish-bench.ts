import { Agent, fetch } from "undici";
import { z } from "zod";
import type { RunningBmc } from "../../../src/lab/bmc/serve-bmc.ts";
import { serveRedfish } from "../../../src/lab/bmc/redfish/serve-redfish.ts";
import { createCertificateIssuer } from "../../../src/lab/certificates/issuer.ts";
import { createLabNetwork } from "../../../src/lab/network/create-network.ts";
import { ScaledClock } from "../../../src/platform/scaled-clock.ts";
import { FakeMachine } from "../fake-machine.ts";

const PORT = 8443;

interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Asking {
  /** `name:password`; null: nobody. */
  readonly as?: string | null;
  readonly token?: string;
  readonly body?: string;
  readonly type?: string;
}

export interface RedfishBench {
  readonly machine: FakeMachine;
  readonly bmc: RunningBmc;
  readonly url: string;
  readonly ca: string;
  ask(method: string, path: string, asking?: Asking): Promise<Answer>;
  close(): Promise<void>;
}

/** One Redfish service on a fake machine, and a client that knows nothing of it. */
export async function startRedfish(): Promise<RedfishBench> {
  const clock = new ScaledClock({
    speed: 60,
    origin_hrtime_ns: process.hrtime.bigint().toString(),
    origin_wall: "2026-01-01T00:00:00.000Z",
  });
  const network = await createLabNetwork(clock);
  const host = await network.addHost("pve1-bmc");
  const machine = new FakeMachine("pve1");
  const authority = await createCertificateIssuer(clock).createAuthority("bmcs");
  const tls = await authority.issueServer({
    commonName: "pve1-bmc",
    dnsNames: [],
    addresses: [host.address],
  });
  const credentials = { user: "admin", password: "secret" };
  const bmc = await serveRedfish(host, machine, { port: PORT, credentials, tls, clock });
  const dispatcher = new Agent({ connect: { ca: authority.pem } });
  const url = `https://${host.address}:${PORT}`;
  return {
    machine,
    bmc,
    url,
    ca: authority.pem,
    ask: async (
      method,
      path,
      { as = "admin:secret", token, body, type = "application/json" } = {},
    ) => {
      const response = await fetch(`${url}${path}`, {
        method,
        dispatcher,
        headers: {
          ...(token !== undefined && { "x-auth-token": token }),
          ...(token === undefined &&
            as !== null && { authorization: `Basic ${Buffer.from(as).toString("base64")}` }),
          ...(body !== undefined && { "content-type": type }),
        },
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(5000),
      });
      const text = await response.text();
      const parsed = z.record(z.string(), z.unknown()).parse(text === "" ? {} : JSON.parse(text));
      return { status: response.status, headers: response.headers, body: parsed };
    },
    close: async () => {
      await dispatcher.destroy();
      await bmc.close();
      await network.close();
    },
  };
}
