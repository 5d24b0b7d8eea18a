import { connect } from "node:tls";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Asking, RedfishBench } from "./redfish-bench.ts";
import { startRedfish } from "./redfish-bench.ts";

const SESSIONS = "/redfish/v1/SessionService/Sessions";

let bench: RedfishBench;
beforeEach(async () => {
  bench = await startRedfish();
});
afterEach(async () => await bench.close());

/** Found as a client has to: from the root, by the names of the properties. */
async function system(): Promise<Readonly<Record<string, unknown>>> {
  const systems = await bench.ask("GET", "/redfish/v1/Systems");
  const [member, ...more] = systems.body["Members"] as { "@odata.id": string }[];
  expect(more).toEqual([]);
  return (await bench.ask("GET", member?.["@odata.id"] ?? "")).body;
}

async function resetTarget(): Promise<string> {
  const actions = (await system())["Actions"] as Record<string, { target: string }>;
  return actions["#ComputerSystem.Reset"]?.target ?? "";
}

const reset = async (type: string, asking: Asking = {}) =>
  await bench.ask("POST", await resetTarget(), {
    body: JSON.stringify({ ResetType: type }),
    ...asking,
  });

const login = async (user: string, password: string) =>
  await bench.ask("POST", SESSIONS, {
    as: null,
    body: JSON.stringify({ UserName: user, Password: password }),
  });

const messageId = (body: Readonly<Record<string, unknown>>): string => {
  const { error } = body as {
    error: { code: string; message: string; "@Message.ExtendedInfo": { MessageId: string }[] };
  };
  expect(error.message).not.toBe("");
  expect(error.code).toMatch(/^Base\.1\.16\./);
  return error["@Message.ExtendedInfo"][0]?.MessageId ?? "";
};

test("the root is for everybody and leads to the rest", async () => {
  expect((await bench.ask("GET", "/redfish", { as: null })).body).toEqual({ v1: "/redfish/v1/" });
  for (const path of ["/redfish/v1", "/redfish/v1/"]) {
    const { status, headers, body } = await bench.ask("GET", path, { as: null });
    expect(status).toBe(200);
    expect(headers.get("odata-version")).toBe("4.0");
    expect(body).toMatchObject({
      "@odata.id": "/redfish/v1/",
      Systems: { "@odata.id": "/redfish/v1/Systems" },
      Links: { Sessions: { "@odata.id": SESSIONS } },
    });
  }
});

test("there is one system, whose id only it knows, with the machine's UUID and power", async () => {
  const before = await system();
  expect(before["Id"]).toMatch(/^\d{3}[A-Z]{2}\d{4}[A-Z]\d$/);
  expect(String(before["UUID"]).toLowerCase()).toBe(bench.machine.uuid);
  expect(before).toMatchObject({
    PowerState: "On",
    Actions: {
      "#ComputerSystem.Reset": {
        "ResetType@Redfish.AllowableValues": [
          "On",
          "ForceOff",
          "ForceRestart",
          "PowerCycle",
          "GracefulShutdown",
        ],
      },
    },
  });
  bench.machine.shutDown("poweroff");
  expect((await system())["PowerState"]).toBe("PoweringOff");
  bench.machine.powerOff();
  expect((await system())["PowerState"]).toBe("Off");
});

test("an administrator and an operator reset the machine in every way", async () => {
  for (const as of ["admin:secret", "operator:secret"]) {
    bench.machine.log.length = 0;
    for (const type of ["ForceRestart", "GracefulShutdown", "ForceOff", "On"]) {
      expect((await reset(type, { as })).status).toBe(204);
    }
    expect(bench.machine.log).toEqual(["reset", "shut-down poweroff", "power-off", "power-on"]);
  }
});

test("a power cycle takes the power away for a second of lab time", async () => {
  expect((await reset("PowerCycle")).status).toBe(204);
  await expect.poll(() => bench.machine.log).toEqual(["power-off", "power-on"]);
});

test("what the power state forbids is a conflict", async () => {
  expect(messageId((await reset("On")).body)).toBe("Lab.1.0.PowerStateConflict");
  await reset("ForceOff");
  for (const type of ["ForceOff", "ForceRestart", "PowerCycle", "GracefulShutdown"]) {
    expect((await reset(type)).status).toBe(409);
  }
  expect(bench.machine.log).toEqual(["power-off"]);
});

test("a viewer may look, and is forbidden to touch", async () => {
  const { status, body } = await reset("ForceOff", { as: "viewer:look" });
  expect(status).toBe(403);
  expect(messageId(body)).toBe("Base.1.16.InsufficientPrivilege");
  expect((await bench.ask("GET", "/redfish/v1/Systems", { as: "viewer:look" })).status).toBe(200);
  expect(bench.machine.log).toEqual([]);
});

test("accounts tell their role to their own user and to administrators, and a role its privileges", async () => {
  const accounts = "/redfish/v1/AccountService/Accounts";
  const { body } = await bench.ask("GET", accounts, { as: "viewer:look" });
  expect(body).toMatchObject({ "Members@odata.count": 3 });
  expect((await bench.ask("GET", `${accounts}/1`, { as: "viewer:look" })).status).toBe(403);
  const own = await bench.ask("GET", `${accounts}/3`, { as: "viewer:look" });
  const role = "/redfish/v1/AccountService/Roles/ReadOnly";
  expect(own.body).toMatchObject({ UserName: "viewer", Links: { Role: { "@odata.id": role } } });
  expect((await bench.ask("GET", `${accounts}/3`)).status).toBe(200);
  const { body: told } = await bench.ask("GET", role, { as: "viewer:look" });
  expect(told).toMatchObject({ AssignedPrivileges: ["Login", "ConfigureSelf"] });
  expect((await bench.ask("GET", `${accounts}/4`)).status).toBe(404);
});

test.each([
  [{ as: null }, "NoValidSession"],
  [{ token: "0".repeat(32) }, "NoValidSession"],
  [{ as: "admin:wrong" }, "ResourceAtUriUnauthorized"],
  [{ as: "admin:" }, "ResourceAtUriUnauthorized"],
  [{ as: "ghost:secret" }, "ResourceAtUriUnauthorized"],
  [{ as: "admin" }, "ResourceAtUriUnauthorized"],
  [{ as: "admin:secret\0" }, "ResourceAtUriUnauthorized"],
])("%j is nobody: 401 with a challenge, and nothing happens", async (asking, id) => {
  const { status, body, headers } = await reset("ForceOff", asking);
  expect(status).toBe(401);
  expect(headers.get("www-authenticate")).toMatch(/^Basic realm=/);
  expect(messageId(body)).toBe(`Base.1.16.${id}`);
  expect(bench.machine.log).toEqual([]);
});

test("a session is opened with a password, used by its token, and ended", async () => {
  const { status, headers, body } = await login("operator", "secret");
  expect(status).toBe(201);
  const token = headers.get("x-auth-token") ?? "";
  const location = headers.get("location") ?? "";
  expect(body).toMatchObject({ "@odata.id": location, UserName: "operator" });
  expect(JSON.stringify(body)).not.toContain(token);
  expect((await reset("ForceRestart", { token })).status).toBe(204);
  expect((await bench.ask("GET", SESSIONS, { token })).body).toMatchObject({
    Members: [{ "@odata.id": location }],
  });
  expect((await bench.ask("DELETE", location, { token })).status).toBe(204);
  expect((await bench.ask("GET", "/redfish/v1/Systems", { token })).status).toBe(401);
});

const post = async (body: string, type = "application/json") =>
  await bench.ask("POST", SESSIONS, { as: null, body, type });

test("a session is refused for a wrong password, and for what is no request for one", async () => {
  expect((await login("admin", "wrong")).status).toBe(401);
  expect(messageId((await post("{")).body)).toBe("Base.1.16.MalformedJSON");
  expect(messageId((await post('{"UserName":"admin"}')).body)).toBe(
    "Base.1.16.CreateFailedMissingReqProperties",
  );
  expect((await post("[]")).status).toBe(400);
  expect((await post("UserName=admin", "application/x-www-form-urlencoded")).status).toBe(415);
});

test("only its owner and an administrator end a session", async () => {
  const location = (await login("operator", "secret")).headers.get("location") ?? "";
  expect((await bench.ask("DELETE", location, { as: "viewer:look" })).status).toBe(403);
  expect((await bench.ask("DELETE", location)).status).toBe(204);
  expect((await bench.ask("DELETE", location)).status).toBe(404);
});

test("sessions that are left behind fill it up, and passwords go on working", async () => {
  for (let count = 0; count < 16; count++) {
    expect((await login("admin", "secret")).status).toBe(201);
  }
  const { status, body } = await login("admin", "secret");
  expect(status).toBe(503);
  expect(messageId(body)).toBe("Base.1.16.SessionLimitExceeded");
  expect((await bench.ask("GET", "/redfish/v1/Systems")).status).toBe(200);
});

test.each([
  ["GET", "/redfish/v1/Systems/System.Embedded.1", 404, "ResourceMissingAtURI"],
  ["GET", "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset", 404, "ResourceMissingAtURI"],
  ["GET", "/", 404, "ResourceMissingAtURI"],
  ["DELETE", "/redfish/v1/Systems", 405, "OperationNotAllowed"],
  ["PATCH", "/redfish/v1", 405, "OperationNotAllowed"],
])("%s %s: %i", async (method, path, status, id) => {
  const answer = await bench.ask(method, path);
  expect(answer.status).toBe(status);
  expect(messageId(answer.body)).toBe(`Base.1.16.${id}`);
});

test.each([
  ['{"ResetType":"Nmi"}', 400, "ActionParameterValueNotInList"],
  ['{"ResetType":1}', 400, "ActionParameterMissing"],
  ["{}", 400, "ActionParameterMissing"],
  ["null", 400, "ActionParameterMissing"],
  ["", 400, "MalformedJSON"],
  [`{"ResetType":"${"x".repeat(20_000)}"}`, 413, "PayloadTooLarge"],
])("a reset with the body %.30s is refused: %i", async (body, status, id) => {
  const answer = await bench.ask("POST", await resetTarget(), { body });
  expect(answer.status).toBe(status);
  expect(messageId(answer.body)).toBe(`Base.1.16.${id}`);
  expect(bench.machine.log).toEqual([]);
});

test("a BMC that hangs is silent, and has forgotten its sessions when it is back", async () => {
  const token = (await login("admin", "secret")).headers.get("x-auth-token") ?? "";
  await bench.bmc.stop();
  const { hostname, port } = new URL(bench.url);
  const socket = connect({ host: hostname, port: Number(port), ca: bench.ca });
  const heard: string[] = [];
  for (const event of ["secureConnect", "error", "close"]) {
    socket.on(event, () => heard.push(event));
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(heard).toEqual([]);
  socket.destroy();
  await bench.bmc.start();
  expect((await bench.ask("GET", "/redfish/v1/Systems", { token })).status).toBe(401);
  expect((await bench.ask("GET", "/redfish/v1/Systems")).status).toBe(200);
});

test("garbage changes nothing and breaks nothing", async () => {
  const target = await resetTarget();
  const path = fc.constantFrom(target, SESSIONS, "/redfish/v1/Systems/%00", "/redfish/v1/../..");
  const body = fc.oneof(fc.json(), fc.string());
  await fc.assert(
    fc.asyncProperty(path, body, async (where, what) => {
      const { status } = await bench.ask("POST", where, { body: what });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 100, seed: 20_261_124 },
  );
  expect(bench.machine.log).toEqual([]);
});
