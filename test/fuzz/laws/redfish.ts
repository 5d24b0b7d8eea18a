import * as fc from "fast-check";
import { Headers } from "undici";
import { findSystem } from "../../../src/clients/bmc/redfish/find-system.ts";
import { logIn } from "../../../src/clients/bmc/redfish/log-in.ts";
import { redfishRefusal } from "../../../src/clients/bmc/redfish/redfish-error.ts";
import { openRedfishSession } from "../../../src/clients/bmc/redfish/redfish-session.ts";
import type { RedfishWire } from "../../../src/clients/bmc/redfish/redfish-wire.ts";
import { resetFor } from "../../../src/clients/bmc/redfish/reset-type.ts";
import { computerSystem, serviceRoot } from "../../../src/clients/bmc/redfish/resources.ts";
import { parse } from "../../../src/clients/shared/parse.ts";
import { jsonOf } from "../../../src/clients/shared/response-body.ts";
import { clockBut } from "../../support/clock-but.ts";
import { aSystem, explained } from "../../clients/bmc/mini-redfish.ts";
import type { JsonChanges } from "../support/json.ts";
import { changedJson, jsonChanges } from "../support/json.ts";
import type { Reply, Wrapping } from "../support/http.ts";
import { wrapped, wrapping } from "../support/http.ts";
import { memoryConnect } from "../support/memory-socket.ts";
import { valueOrOperatingError } from "../support/outcome.ts";
import { law } from "../support/run.ts";

const SYSTEM = "/redfish/v1/Systems/node-7";
const SESSION = "/redfish/v1/SessionService/Sessions/1";
const ACTION_INFO = "/redfish/v1/Systems/node-7/ResetActionInfo";

/** A healthy conversation, by request line. */
const replies: Readonly<Record<string, { readonly status: number; readonly body: unknown }>> = {
  "GET /redfish/v1/": {
    status: 200,
    body: {
      Systems: { "@odata.id": "/redfish/v1/Systems" },
      Links: { Sessions: { "@odata.id": "/redfish/v1/SessionService/Sessions" } },
    },
  },
  "POST /redfish/v1/SessionService/Sessions": { status: 201, body: { "@odata.id": SESSION } },
  "GET /redfish/v1/Systems": {
    status: 200,
    body: { Members: [{ "@odata.id": SYSTEM }], "Members@odata.nextLink": "/redfish/v1/More" },
  },
  "GET /redfish/v1/More": { status: 200, body: { Members: [] } },
  [`GET ${SYSTEM}`]: {
    status: 200,
    body: aSystem({
      Actions: {
        "#ComputerSystem.Reset": {
          target: `${SYSTEM}/Actions/ComputerSystem.Reset`,
          "@Redfish.ActionInfo": ACTION_INFO,
        },
      },
    }),
  },
  [`GET ${ACTION_INFO}`]: {
    status: 200,
    body: { Parameters: [{ Name: "ResetType", AllowableValues: ["On", "ForceOff"] }] },
  },
  [`POST ${SYSTEM}/Actions/ComputerSystem.Reset`]: { status: 200, body: {} },
  [`DELETE ${SESSION}`]: { status: 204, body: {} },
};
const unknown = { status: 404, body: explained("No such resource", "at all") };

function replyTo(request: string, list: JsonChanges): Reply {
  const line = request.split(" HTTP/1.1\r\n")[0] ?? "";
  const { status, body } = replies[line] ?? unknown;
  return { status, headers: ["X-Auth-Token: t0ken"], body: changedJson(body, list) };
}

/** Waits of a busy BMC take no time; deadlines are real. */
const clock = clockBut({ sleep: async () => await Promise.resolve() });

interface Lie {
  readonly list: JsonChanges;
  readonly how: Wrapping;
}
const honest: Lie = {
  list: [],
  how: { status: null, framing: "length", changes: [], cuts: [] },
};

async function talk(lies: readonly Lie[]): Promise<unknown> {
  let next = 0;
  const connect = memoryConnect((request) => {
    const { list, how } = lies[next++] ?? honest;
    return wrapped(replyTo(request, list), how);
  });
  const session = await openRedfishSession(
    {
      kind: "redfish",
      url: "https://bmc.invalid",
      user: "admin",
      password: { kind: "env", name: "X" },
      tls: { kind: "insecure" },
      system: null,
      mapping: "uuid",
    },
    { clock, secrets: { resolve: async () => "s3cret" }, signal: new AbortController().signal },
    connect,
  );
  try {
    const power = await session.power();
    await session.control("off");
    return { power, uuids: await session.systemUuids() };
  } finally {
    await session.close();
  }
}

const lie: fc.Arbitrary<Lie> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(honest) },
  { weight: 3, arbitrary: fc.record({ list: jsonChanges, how: fc.constant(honest.how) }) },
  { weight: 1, arbitrary: fc.record({ list: jsonChanges, how: wrapping }) },
);

/** A wire that answers everything with one body. */
const wireSaying = (status: number, data: unknown): RedfishWire => {
  const answer = { status, data, headers: new Headers({ "x-auth-token": "t0ken" }) };
  const wire: Pick<RedfishWire, "peer" | "identity" | "get" | "send" | "refusal"> = {
    peer: "bmc",
    identity: { kind: "nobody" },
    get: async () => await Promise.resolve(data),
    send: async () => await Promise.resolve(answer),
    refusal: (what) => redfishRefusal(what, "bmc", { status, data, session: false }),
  };
  return wire as RedfishWire;
};

const bodies = [...Object.values(replies), unknown].map(({ body }) => body);
const never = new AbortController().signal;

/** All that reads a resource, each on whatever it is. */
const readers: readonly ((wire: RedfishWire, data: unknown) => Promise<unknown>)[] = [
  async (_, data) => await Promise.resolve(parse(serviceRoot, data, "the root")),
  async (wire) => await findSystem(wire, "/redfish/v1/Systems", null, never),
  async (wire) => await findSystem(wire, "/redfish/v1/Systems", "node-7", never),
  async (wire, data) =>
    await resetFor(wire, parse(computerSystem, data, "a system"), "cycle", never),
  async (wire) => await logIn(wire, { user: "u", password: "p" }, null, never),
  async (wire, data) =>
    await Promise.reject(wire.refusal("x", { status: 400, data, headers: new Headers() })),
];

export const redfishLaws = [
  law({
    says: "a changed resource is read as every kind, or refused by an operating error",
    share: 9,
    input: fc.record({
      body: fc.constantFrom(...bodies),
      list: jsonChanges,
      status: fc.constantFrom(200, 201, 400, 401, 403, 404, 409, 500, 503),
    }),
    holds: async ({ body, list, status }) => {
      const data = jsonOf(changedJson(body, list));
      for (const read of readers) {
        await valueOrOperatingError(async () => await read(wireSaying(status, data), data));
      }
    },
  }),
  law({
    says: "a session with a BMC that lies ends with what it says or an operating error",
    share: 1,
    input: fc.array(lie, { maxLength: 9 }),
    holds: async (lies) => {
      await valueOrOperatingError(async () => await talk(lies));
    },
  }),
];
