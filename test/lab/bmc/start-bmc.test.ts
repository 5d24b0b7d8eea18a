import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { howToAskBmc } from "../../../src/lab/bmc/how-to-ask.ts";
import type { RunningBmc } from "../../../src/lab/bmc/serve-bmc.ts";
import type { BmcAuthority, BmcPlace } from "../../../src/lab/bmc/start-bmc.ts";
import { bmcPlace, createBmcAuthority, startBmc } from "../../../src/lab/bmc/start-bmc.ts";
import { createCertificateIssuer } from "../../../src/lab/certificates/issuer.ts";
import { createLabNetwork } from "../../../src/lab/network/create-network.ts";
import type { LabNetwork } from "../../../src/lab/network/network.ts";
import { nodeAccess } from "../../../src/lab/node-access.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { FakeMachine } from "../fake-machine.ts";
import { MiniIpmi } from "./mini-ipmi.ts";

const PASSWORD = "a-secret";
const clock = new SystemClock();
const machine = new FakeMachine("pve3");
let folder = "";
let network: LabNetwork;
let place: BmcPlace;
let authority: BmcAuthority;
let bmc: RunningBmc;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-bmc-"));
  network = await createLabNetwork(clock);
  const certificates = createCertificateIssuer(clock);
  authority = await createBmcAuthority({ certificates }, folder);
  place = bmcPlace(await network.addHost("pve3-bmc"), 2);
  const parts = { password: PASSWORD, authority: authority.authority, clock };
  bmc = await startBmc(place, machine, parts);
});
afterAll(async () => {
  await bmc.close();
  await network.close();
  await rm(folder, { recursive: true });
});

const keys = () => ({
  sshKey: { kind: "file", path: "/ssh-key" } as const,
  bmcPassword: { kind: "file", path: "/bmc-password" } as const,
  bmcCaPath: authority.caPath,
});
const access = (protocol: "ipmi" | "redfish") =>
  nodeAccess(
    { name: "pve3", address: "127.64.1.3", bmc: place, hostKeyFingerprint: "SHA256:x" },
    keys(),
    { sshPort: 2222, bmc: protocol },
  ).bmc;

/** Null: no answer in time. */
async function askIpmi(): Promise<string | null> {
  const client = new MiniIpmi(place.host.address, place.ipmiPort, 17);
  try {
    return await client.open("admin", PASSWORD);
  } catch {
    return null;
  } finally {
    client.close();
  }
}

/** With nothing but what the inventory says; null: no answer in time. */
async function askRedfish(): Promise<number | null> {
  const redfish = access("redfish");
  if (redfish?.kind !== "redfish" || redfish.tls.kind !== "ca") throw new Error("no Redfish");
  const dispatcher = new Agent({ connect: { ca: await readFile(redfish.tls.path, "utf8") } });
  const secret = Buffer.from(`${redfish.user}:${PASSWORD}`).toString("base64");
  try {
    const { status } = await fetch(`${redfish.url}/redfish/v1/Systems`, {
      dispatcher,
      headers: { authorization: `Basic ${secret}` },
      signal: AbortSignal.timeout(1000),
    });
    return status;
  } catch {
    return null;
  } finally {
    await dispatcher.destroy();
  }
}

test("one BMC speaks IPMI and Redfish, and the inventory lists the one that was asked for", async () => {
  expect(access("ipmi")).toMatchObject({
    kind: "ipmi",
    host: place.host.address,
    port: 6232,
    user: "admin",
  });
  expect(access("redfish")).toEqual({
    kind: "redfish",
    url: `https://${place.host.address}:8443`,
    user: "admin",
    password: { kind: "file", path: "/bmc-password" },
    tls: { kind: "ca", path: authority.caPath },
    system: null,
    mapping: "uuid",
  });
  expect(await askIpmi()).toBe("open");
  expect(await askRedfish()).toBe(200);
});

test("both hang and come back together, and live on without the machine", async () => {
  await bmc.stop();
  expect([await askIpmi(), await askRedfish()]).toEqual([null, null]);
  await bmc.start();
  machine.powerOff();
  expect([await askIpmi(), await askRedfish()]).toEqual(["open", 200]);
});

test("what there is to paste names files, and no password", () => {
  const files = { password: "/it's here/bmc-password", ca: authority.caPath };
  const lines = howToAskBmc("lab-pve", { name: "pve3", bmc: place }, files);
  expect(lines.map(({ title }) => title)).toEqual([
    "lab-pve: ask the BMC of pve3, cipher suite 3",
    "lab-pve: switch pve3 on over its BMC, cipher suite 17",
    "lab-pve: ask the BMC of pve3 over Redfish",
    "lab-pve: switch pve3 on over Redfish",
  ]);
  for (const { command } of lines) {
    expect(command).not.toContain(PASSWORD);
    expect(command).toContain(String.raw`'/it'\''s here/bmc-password'`);
  }
});
