import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { describeError } from "../../../src/base/errors.ts";
import type { BmcSession } from "../../../src/clients/bmc/bmc-session.ts";
import { openBmc } from "../../../src/clients/bmc/open-bmc.ts";
import type { Clock } from "../../../src/contracts/clock.ts";
import type { RedfishAccess } from "../../../src/model/inventory.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { quickClock } from "../quick-clock.ts";
import type { MiniRedfish } from "./mini-redfish.ts";
import { aSystem, caPath, explained, otherCaPath, startMiniRedfish } from "./mini-redfish.ts";

const SYSTEM = "/redfish/v1/Systems/node-7";
const RESET = `POST ${SYSTEM}/Actions/ComputerSystem.Reset`;
const never = new AbortController().signal;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(): Promise<MiniRedfish> {
  const bmc = await startMiniRedfish({ user: "admin", password: "s3cret" });
  closing.push(async () => await bmc.close());
  return bmc;
}

async function open(
  bmc: MiniRedfish,
  change: Partial<RedfishAccess> = {},
  options: { password?: string; signal?: AbortSignal; clock?: Clock } = {},
): Promise<BmcSession> {
  const session = await openBmc(
    {
      kind: "redfish",
      url: bmc.url,
      user: "admin",
      password: { kind: "env", name: "X" },
      tls: { kind: "ca", path: caPath },
      system: null,
      mapping: "uuid",
      ...change,
    },
    {
      clock: options.clock ?? new SystemClock(),
      secrets: { resolve: async () => options.password ?? "s3cret" },
      signal: options.signal ?? never,
    },
  );
  closing.push(async () => await session.close());
  return session;
}

const link = (path: string) => ({ "@odata.id": path });

/** The service root, the login, the list of systems, and what follows. */
const linesAfterOpening = (bmc: MiniRedfish): readonly string[] => bmc.asked.slice(3);

describe("a Redfish session", () => {
  it("logs in with a token, finds the only system, reads power and UUID, and deletes the session", async () => {
    const bmc = await start();
    const session = await open(bmc);
    expect(bmc.asked[0]).toBe("GET /redfish/v1/");
    expect(bmc.sessions.size).toBe(1);
    expect(await session.power()).toBe("on");
    expect(await session.systemUuids()).toEqual([
      "00112233-4455-6677-8899-aabbccddeeff",
      "33221100-5544-7766-8899-aabbccddeeff",
    ]);
    await session.close();
    expect(bmc.asked.at(-1)).toBe("DELETE /redfish/v1/SessionService/Sessions/1");
    expect(bmc.sessions.size).toBe(0);
    await session.close();
    expect(bmc.asked.filter((line) => line.startsWith("DELETE"))).toHaveLength(1);
  });

  it.each([
    ["On", "on"],
    ["Off", "off"],
    ["PoweringOn", "on"],
    ["PoweringOff", "on"],
    ["Paused", "on"],
  ])("takes %s for %s", async (said, power) => {
    const bmc = await start();
    bmc.resources.set(SYSTEM, aSystem({ PowerState: said }));
    expect(await (await open(bmc)).power()).toBe(power);
  });

  it("does not guess a power state that it does not know or that is missing", async () => {
    const bmc = await start();
    const session = await open(bmc);
    for (const PowerState of ["Unknown", null, undefined]) {
      bmc.resources.set(SYSTEM, aSystem({ PowerState }));
      await expect(session.power()).rejects.toMatchObject({ code: "protocol" });
    }
  });

  it("tells no UUID where the BMC has none", async () => {
    const bmc = await start();
    const session = await open(bmc);
    for (const UUID of [null, undefined, "n/a"]) {
      bmc.resources.set(SYSTEM, aSystem({ UUID }));
      expect(await session.systemUuids()).toEqual([]);
    }
  });

  it("asks the target that the system names for each act", async () => {
    const bmc = await start();
    const session = await open(bmc);
    for (const action of ["off", "on", "cycle", "reset", "soft"] as const) {
      await session.control(action);
    }
    expect(bmc.asked.filter((line) => line.startsWith(RESET))).toEqual(
      ["ForceOff", "On", "PowerCycle", "ForceRestart", "GracefulShutdown"].map(
        (type) => `${RESET} {"ResetType":"${type}"}`,
      ),
    );
  });

  it("chooses what the system allows, by its values or by its ActionInfo, and says what it lacks", async () => {
    const bmc = await start();
    const session = await open(bmc);
    const target = `${SYSTEM}/Actions/ComputerSystem.Reset`;
    const allow = (rest: object): void => {
      bmc.resources.set(
        SYSTEM,
        aSystem({ Actions: { "#ComputerSystem.Reset": { target, ...rest } } }),
      );
    };
    allow({ "ResetType@Redfish.AllowableValues": ["ForceOn", "ForceRestart", "ForceOff"] });
    await session.control("on");
    await session.control("cycle");
    await expect(session.control("soft")).rejects.toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/allows only ForceOn, ForceRestart, ForceOff/u),
    });
    allow({ "@Redfish.ActionInfo": `${SYSTEM}/ResetActionInfo` });
    bmc.resources.set(`${SYSTEM}/ResetActionInfo`, {
      Parameters: [{ Name: "ResetType", Required: true, AllowableValues: ["ForceOn"] }],
    });
    await session.control("on");
    allow({});
    await session.control("on");
    expect(bmc.asked.filter((line) => line.startsWith(RESET))).toEqual(
      ["ForceOn", "ForceRestart", "ForceOn", "On"].map(
        (type) => `${RESET} {"ResetType":"${type}"}`,
      ),
    );
    bmc.resources.set(SYSTEM, aSystem({ Actions: {} }));
    await expect(session.control("on")).rejects.toMatchObject({
      message: expect.stringMatching(/no action Reset/u),
    });
  });

  it("says before it is asked to whether it can switch on, and whether this account may", async () => {
    const bmc = await start();
    const accounts = "/redfish/v1/AccountService/Accounts";
    const role = "/redfish/v1/AccountService/Roles/Ours";
    const root = bmc.resources.get("/redfish/v1/");
    await expect((await open(bmc)).demand("on")).resolves.toBeUndefined();
    bmc.resources.set("/redfish/v1/", {
      ...(typeof root === "object" ? root : {}),
      AccountService: link("/redfish/v1/AccountService"),
    });
    const session = await open(bmc);
    // What cannot be read is not known, and refuses nothing.
    await session.demand("on");
    bmc.resources.set("/redfish/v1/AccountService", { Accounts: link(accounts) });
    bmc.resources.set(accounts, {
      Members: ["1", "2", "3"].map((id) => link(`${accounts}/${id}`)),
    });
    bmc.resources.set(`${accounts}/2`, { UserName: "root" });
    bmc.resources.set(`${accounts}/3`, { UserName: "admin", Links: { Role: link(role) } });
    await session.demand("on");
    bmc.resources.set(role, { AssignedPrivileges: ["Login", "ConfigureSelf"] });
    await expect(session.demand("on")).rejects.toMatchObject({
      code: "denied",
      message: expect.stringMatching(
        /lacks ConfigureComponents: it has Login, ConfigureSelf\. Give admin the role/u,
      ),
    });
    bmc.resources.set(role, { AssignedPrivileges: ["Login", "ConfigureComponents"] });
    await session.demand("on");
    const target = `${SYSTEM}/Actions/ComputerSystem.Reset`;
    const values = { target, "ResetType@Redfish.AllowableValues": ["ForceOff"] };
    bmc.resources.set(SYSTEM, aSystem({ Actions: { "#ComputerSystem.Reset": values } }));
    await expect(session.demand("on")).rejects.toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/allows only ForceOff/u),
    });
    expect(bmc.asked.filter((line) => line.startsWith(RESET))).toEqual([]);
  });

  it("names the systems where there are several, and takes the configured one", async () => {
    const bmc = await start();
    const other = "/redfish/v1/Systems/node%208";
    bmc.resources.set("/redfish/v1/Systems", {
      Members: [{ "@odata.id": SYSTEM }],
      "Members@odata.nextLink": "/redfish/v1/Systems?$skip=1",
    });
    bmc.resources.set("/redfish/v1/Systems?$skip=1", { Members: [{ "@odata.id": other }] });
    bmc.resources.set(other, aSystem({ PowerState: "Off" }));
    await expect(open(bmc)).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringMatching(/2 systems: "node-7", "node 8".*bmc\.system/u),
    });
    expect(bmc.sessions.size).toBe(0);
    expect(await (await open(bmc, { system: "node 8" })).power()).toBe("off");
    await expect(open(bmc, { system: "System.Embedded.1" })).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringMatching(/"System\.Embedded\.1".*"node-7", "node 8"/u),
    });
  });

  it.each(["mailto:x", "x:.evil.example/x", "x:@evil.example/x", "http://["])(
    "follows no link that is no path, as behind our BMC's name it may make another one: %s",
    async (path) => {
      const bmc = await start();
      bmc.resources.set("/redfish/v1/", { Links: { Sessions: link(path) } });
      await expect(open(bmc)).rejects.toMatchObject({
        code: "protocol",
        message: expect.stringMatching(/malformed/u),
      });
      expect(bmc.asked).toEqual(["GET /redfish/v1/"]);
    },
  );

  it("names some of its systems where they are without number", async () => {
    const bmc = await start();
    const many = Array.from({ length: 5000 }, (_, at) => ({
      "@odata.id": `/s/${"x".repeat(99)}${at}`,
    }));
    bmc.resources.set("/redfish/v1/Systems", { Members: many });
    await expect(open(bmc)).rejects.toMatchObject({
      message: expect.stringMatching(/^.{100,3000}$/u),
    });
  });

  it.each([404, 405, 501, 503])(
    "uses basic authentication where sessions are refused with %i",
    async (status) => {
      const bmc = await start();
      bmc.sessionRefusal = status;
      const session = await open(bmc);
      expect(await session.power()).toBe("on");
      await session.close();
      expect(bmc.asked.filter((line) => line.startsWith("DELETE"))).toEqual([]);
    },
  );
});

describe("a Redfish session with a BMC that says no", () => {
  it("is denied with a wrong password, after one try and without showing it", async () => {
    const bmc = await start();
    const error: unknown = await open(bmc, {}, { password: "wr0ngpass" }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: "denied",
      message: expect.stringMatching(/Wrong user or password/u),
    });
    expect(describeError(error)).not.toContain("wr0ngpass");
    expect(linesAfterOpening(bmc)).toEqual([]);
    bmc.sessionRefusal = 405;
    await expect(open(bmc, {}, { password: "wr0ngpass" })).rejects.toMatchObject({
      code: "denied",
    });
  });

  it("says in the BMC's own words why it does not act, and does not ask again", async () => {
    const bmc = await start();
    const session = await open(bmc);
    bmc.trouble = (line) =>
      line === RESET ? { status: 403, body: explained("No right", "Ask the boss") } : null;
    await expect(session.control("off")).rejects.toMatchObject({
      code: "denied",
      message: expect.stringMatching(/answered 403 \(No right; Ask the boss\)/u),
    });
    for (const status of [400, 409, 500, 503]) {
      const body = { error: { message: "plain" } };
      bmc.trouble = (line) => (line === RESET ? { status, body } : null);
      await expect(session.control("off")).rejects.toMatchObject({
        code: "rejected",
        message: new RegExp(`answered ${status} \\(plain\\)`, "u"),
      });
    }
    expect(bmc.asked.filter((line) => line.startsWith(RESET))).toHaveLength(5);
  });

  it("takes an ended session for something that passes, not for a wrong password", async () => {
    const bmc = await start();
    const session = await open(bmc);
    bmc.trouble = () => ({ status: 401 });
    await expect(session.power()).rejects.toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/ended/u),
    });
  });

  it("asks a busy BMC again for what it reads", async () => {
    const bmc = await start();
    const session = await open(bmc, {}, { clock: quickClock() });
    let busy = 3;
    bmc.trouble = () => (busy-- > 0 ? { status: 503 } : null);
    expect(await session.power()).toBe("on");
    bmc.trouble = () => ({ status: 503 });
    await expect(session.power()).rejects.toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/busy/u),
    });
  });
});

describe("a Redfish session with a BMC that is not what it should be", () => {
  it("trusts a pinned certificate, and neither a foreign one nor another CA's", async () => {
    const bmc = await start();
    const pem = readFileSync(new URL("../../fixtures/pve-api/server.pem", import.meta.url));
    const sha256 = new X509Certificate(pem).fingerprint256;
    expect(await (await open(bmc, { tls: { kind: "fingerprint", sha256 } })).power()).toBe("on");
    expect(await (await open(bmc, { tls: { kind: "insecure" } })).power()).toBe("on");
    const before = bmc.asked.length;
    const pinned = { kind: "fingerprint", sha256: sha256.replaceAll(/[0-9]/gu, "0") } as const;
    await expect(open(bmc, { tls: pinned })).rejects.toMatchObject({
      code: "untrusted",
      message: expect.stringMatching(/bmc\.tls/u),
    });
    await expect(open(bmc, { tls: { kind: "ca", path: otherCaPath } })).rejects.toMatchObject({
      code: "untrusted",
    });
    expect(bmc.asked).toHaveLength(before);
  });

  it("gives up on one that hangs, drops the connection, talks without end, or talks nonsense", async () => {
    const bmc = await start();
    const session = await open(bmc, {}, { clock: quickClock() });
    for (const [trouble, code] of [
      ["hang", "timed-out"],
      ["drop", "unreachable"],
      ["endless", "protocol"],
      ["garbage", "protocol"],
    ] as const) {
      bmc.trouble = () => trouble;
      await expect(session.power()).rejects.toMatchObject({ code });
    }
    bmc.trouble = () => null;
    bmc.resources.set(SYSTEM, aSystem({ Actions: "none" }));
    await expect(session.power()).rejects.toMatchObject({ code: "protocol" });
    bmc.resources.set("/redfish/v1/Systems", { Members: [{ "@odata.id": "//" }] });
    await expect(open(bmc)).rejects.toMatchObject({ code: "protocol" });
    await bmc.close();
    await expect(open(bmc)).rejects.toMatchObject({ code: "unreachable" });
  });

  it("sends credentials to nobody else: neither along a redirect nor along a link", async () => {
    const bmc = await start();
    const stranger = await start();
    const session = await open(bmc);
    bmc.resources.set(
      SYSTEM,
      aSystem({ Actions: { "#ComputerSystem.Reset": { target: `${stranger.url}/x` } } }),
    );
    await expect(session.control("on")).rejects.toMatchObject({
      message: expect.stringMatching(/answered 404/u),
    });
    expect(bmc.asked.at(-1)).toBe('POST /x {"ResetType":"On"}');
    bmc.trouble = () => ({ status: 307, headers: { location: `${stranger.url}/y` } });
    await expect(session.power()).rejects.toMatchObject({
      message: expect.stringMatching(/answered 307/u),
    });
    expect(stranger.asked).toEqual([]);
  });

  it("ends with its signal's reason, and still deletes its session", async () => {
    const bmc = await start();
    const controller = new AbortController();
    const session = await open(bmc, {}, { signal: controller.signal });
    bmc.trouble = (line) => (line.startsWith("GET") ? "hang" : null);
    const reading = session.power();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 20);
    await expect(reading).rejects.toBe(reason);
    await session.close();
    expect(bmc.sessions.size).toBe(0);
  });
});
