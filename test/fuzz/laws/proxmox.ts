import * as fc from "fast-check";
import { Agent } from "undici";
import { exchange } from "../../../src/clients/proxmox/http-exchange.ts";
import {
  clusterStatus,
  corosyncNodes,
  guestInterfaces,
  haResource,
  managerStatus,
  nextId,
  shutdownPolicyIn,
  storageResources,
  tasks,
  taskStatus,
  upid,
  version,
  vmConfig,
  vmCurrent,
  vmResources,
  vncProxy,
} from "../../../src/clients/proxmox/replies.ts";
import { parse } from "../../../src/clients/shared/parse.ts";
import { recordedReplies } from "../../lab/proxmox/support/recorded.ts";
import type { JsonChanges } from "../support/json.ts";
import { changedJson, jsonChanges } from "../support/json.ts";
import type { Wrapping } from "../support/http.ts";
import { wrapped, wrapping } from "../support/http.ts";
import { memoryConnect } from "../support/memory-socket.ts";
import { valueOrOperatingError } from "../support/outcome.ts";
import { law } from "../support/run.ts";

/** All forms in which replies are read: each has to cope with every reply. */
const schemas = {
  clusterStatus,
  corosyncNodes,
  guestInterfaces,
  haResource,
  managerStatus,
  nextId,
  shutdownPolicyIn,
  storageResources,
  tasks,
  taskStatus,
  upid,
  version,
  vmConfig,
  vmCurrent,
  vmResources,
  vncProxy,
};

const recorded = recordedReplies().flatMap((reply) => {
  try {
    return [{ ...reply, json: JSON.parse(reply.body) as unknown }];
  } catch {
    return [{ ...reply, json: { data: null } }];
  }
});

const interfaces = {
  data: {
    result: [{ name: "eth0", "ip-addresses": [{ "ip-address": "::1", "ip-address-type": "6" }] }],
  },
};

interface Exchange {
  readonly reply: (typeof recorded)[number];
  readonly list: JsonChanges;
  readonly how: Wrapping;
}

async function ask({ reply, list, how }: Exchange): Promise<unknown> {
  const body = changedJson(reply.json, list);
  const connect = memoryConnect(() =>
    wrapped({ status: reply.status, reason: reply.reason, body }, how),
  );
  const agent = new Agent({ connect });
  try {
    const answer = await exchange(
      { host: "https://pve.invalid", method: "GET", path: "/x", parameters: {} },
      { agent, authorization: "PVEAPIToken=x" },
      new AbortController().signal,
    );
    return answer.data;
  } finally {
    await agent.destroy();
  }
}

/** Read in every form; the first that throws something else than an operating error is the outcome. */
async function readAs(data: unknown): Promise<void> {
  for (const [name, schema] of Object.entries(schemas)) {
    await valueOrOperatingError(
      async () => await Promise.resolve(parse<unknown>(schema, data, name)),
    );
  }
}

export const proxmoxLaws = [
  law({
    says: "a changed reply of a real cluster is read in every form, or refused by an operating error",
    share: 4,
    input: fc.record({
      json: fc.constantFrom<unknown>(...recorded.map((each) => each.json), interfaces),
      list: jsonChanges,
    }),
    holds: async ({ json, list }) => {
      const { jsonOf } = await import("../../../src/clients/shared/response-body.ts");
      const whole = jsonOf(changedJson(json, list));
      const data =
        typeof whole === "object" && whole !== null && "data" in whole ? whole.data : whole;
      await readAs(data);
    },
  }),
  law({
    says: "a changed HTTP reply is an answer or an operating error",
    share: 1,
    input: fc.record({ reply: fc.constantFrom(...recorded), list: jsonChanges, how: wrapping }),
    holds: async (input) => {
      await valueOrOperatingError(async () => await ask(input));
    },
  }),
];
