import type { TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KubernetesConnection } from "../../../src/clients/kubernetes/connection.ts";
import type { Sighting } from "../../../src/clients/kubernetes/list-and-watch.ts";
import { listAndWatch } from "../../../src/clients/kubernetes/list-and-watch.ts";
import { typedApi } from "../../../src/clients/kubernetes/typed-api.ts";
import type { KubernetesCluster } from "../../../src/model/inventory.ts";
import type { Clock } from "../../../src/contracts/clock.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { quickClock } from "../quick-clock.ts";
import { createCertificateIssuer } from "../../../src/lab/certificates/issuer.ts";
import type { MiniApi, MiniCluster } from "./mini-api.ts";
import { json, startMiniCluster } from "./mini-api.ts";

const never = new AbortController().signal;
const version = { method: "GET", path: "/version" } as const;
let cluster: MiniCluster;
let first: MiniApi;
let second: MiniApi;
const open: KubernetesConnection[] = [];

beforeEach(async () => {
  cluster = await startMiniCluster(2);
  const [one, two] = cluster.servers;
  if (one === undefined || two === undefined) throw new Error("two servers are needed");
  first = one;
  second = two;
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await cluster.close();
});

function connect(change: Partial<KubernetesCluster["api"]> = {}, clock: Clock = new SystemClock()) {
  const connection = new KubernetesConnection({ ...cluster.api, ...change }, clock, {
    resolve: async () => "s3cret",
  });
  open.push(connection);
  return connection;
}

const hang = (): void => undefined;

const node = (name: string, resourceVersion: string) => ({
  metadata: { name, resourceVersion },
});

const kinds = (seen: readonly Sighting[]): string[] =>
  seen.map((each) => (each.kind === "listed" ? `listed ${each.interrupted ?? "-"}` : each.change));

/** Lists one node, then sends the events of each watch; each watch stays open until `end` says so. */
function serve(api: MiniApi, watches: readonly { events: readonly unknown[]; end: boolean }[]) {
  let count = 0;
  api.answer = (request, response) => {
    if (request.url?.includes("watch=true") !== true) {
      json(response, { metadata: { resourceVersion: "7" }, items: [node("a", "5")] });
      return;
    }
    const { events, end } = watches[count++] ?? { events: [], end: false };
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    for (const event of events) {
      response.write(typeof event === "string" ? event : `${JSON.stringify(event)}\n`);
    }
    if (end) response.end();
  };
}

describe("a request", () => {
  it("shows the token, verifies the server and reads JSON", async () => {
    first.answer = (request, response) => json(response, { said: request.headers.authorization });
    const answer = await connect().request(version, never);
    expect(answer.data).toEqual({ said: "Bearer s3cret" });
  });

  it("shows a client certificate where the inventory has one", async () => {
    const clock = connect().clock;
    const authority = await createCertificateIssuer(clock).createAuthority("users");
    const pair = await authority.issueClient({ commonName: "admin", organisation: "masters" });
    const connection = new KubernetesConnection(
      {
        ...cluster.api,
        auth: {
          kind: "client-certificate",
          certificate: { kind: "env", name: "CERT" },
          key: { kind: "env", name: "KEY" },
        },
      },
      clock,
      {
        resolve: async (reference) =>
          reference.kind === "env" && reference.name === "KEY" ? pair.key : pair.certificate,
      },
    );
    open.push(connection);
    first.answer = (request, response) =>
      json(response, { user: (request.socket as TLSSocket).getPeerCertificate().subject.CN });
    expect((await connection.request(version, never)).data).toEqual({ user: "admin" });
  });

  it("goes to the next server when one refuses, hangs, or stands before an API that is away", async () => {
    first.answer = hang;
    const connection = connect({}, quickClock());
    expect((await connection.request(version, never)).server.url).toBe(second.url);
    second.answer = (_request, response) => json(response, {}, 503);
    first.answer = (_request, response) => json(response, {});
    expect((await connection.request(version, never)).server.url).toBe(first.url);
    await first.close();
    second.answer = (_request, response) => json(response, {});
    expect((await connection.request(version, never)).server.url).toBe(second.url);
  });

  it("asks nothing of the node that is about to die", async () => {
    const connection = connect();
    connection.avoid("cp1");
    await connection.request(version, never);
    expect(first.requests).toEqual([]);
    const alone = connect({ servers: cluster.api.servers.slice(0, 1) });
    alone.avoid("cp1");
    await expect(alone.request(version, never)).rejects.toMatchObject({ code: "unreachable" });
  });

  it("takes a no for an answer, with what to do about it", async () => {
    first.answer = (_request, response) =>
      json(response, { kind: "Status", reason: "Unauthorized", message: "who?" }, 401);
    await expect(connect().request(version, never)).rejects.toMatchObject({
      code: "denied",
      status: 401,
      message: expect.stringMatching(/Unauthorized.*token/u),
    });
    expect(second.requests).toEqual([]);
  });

  it("does not trust another CA or another pin, and shows the token to neither", async () => {
    const other = await startMiniCluster(0);
    const wrong = connect({ tls: other.api.tls });
    await expect(wrong.request(version, never)).rejects.toMatchObject({ code: "untrusted" });
    const pin = connect({ tls: { kind: "fingerprint", sha256: "00".repeat(32) } });
    await expect(pin.request(version, never)).rejects.toMatchObject({
      code: "untrusted",
      message: new RegExp(first.fingerprint, "u"),
    });
    expect(first.requests).toEqual([]);
    const right = connect({ tls: { kind: "fingerprint", sha256: first.fingerprint } });
    await expect(right.request(version, never)).resolves.toMatchObject({ status: 200 });
    await other.close();
  });

  it("says configuration for a CA file that is not there", async () => {
    const connection = connect({ tls: { kind: "ca", path: "/nonexistent" } });
    await expect(connection.request(version, never)).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringMatching(/nonexistent/u),
    });
  });

  it("does not swallow garbage", async () => {
    first.answer = (_request, response) => response.end("<html>");
    second.answer = (_request, response) => response.end("<html>");
    await expect(connect().request(version, never)).rejects.toMatchObject({ code: "protocol" });
  });

  it("ends at once with the reason of its signal", async () => {
    first.answer = hang;
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 30);
    await expect(connect().request(version, controller.signal)).rejects.toBe(reason);
  });
});

describe("typedApi", () => {
  it("makes the library's calls over the connection", async () => {
    first.answer = (request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => json(response, JSON.parse(body), 201));
    };
    const { core } = await typedApi(connect(), never);
    const made = await core.createNamespace({ body: { metadata: { name: "x" } } });
    expect(made.metadata?.name).toBe("x");
    expect(first.requests).toEqual(["POST /api/v1/namespaces"]);
    first.answer = (_request, response) => json(response, { reason: "AlreadyExists" }, 409);
    await expect(core.createNamespace({ body: {} })).rejects.toMatchObject({ status: 409 });
    first.answer = (_request, response) =>
      json(response, { metadata: { ownerReferences: 5, finalizers: 5 } });
    await expect(core.createNamespace({ body: {} })).rejects.toMatchObject({ code: "protocol" });
  });
});

describe("a stream", () => {
  it("is given up when the server says no and then does not end", async () => {
    first.answer = (_request, response) => {
      response.writeHead(503);
      response.write("{");
    };
    const connection = connect({}, quickClock());
    const [server] = cluster.api.servers;
    if (server === undefined) throw new Error("a server is needed");
    const opening = connection.stream(server, "/api/v1/nodes?watch=true", never);
    await expect(opening).rejects.toMatchObject({ code: "timed-out" });
  });

  it("says what the server said no with", async () => {
    first.answer = (_request, response) => json(response, { reason: "Expired" }, 410);
    const [server] = cluster.api.servers;
    if (server === undefined) throw new Error("a server is needed");
    const opening = connect().stream(server, "/api/v1/nodes?watch=true", never);
    await expect(opening).rejects.toMatchObject({ status: 410, facts: { reason: "Expired" } });
  });

  it("says no more than a line of what a server that floods says no with", async () => {
    const flood = "x".repeat(100_000);
    first.answer = (_request, response) => json(response, { reason: flood, message: flood }, 403);
    const failure = await connect()
      .request(version, never)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "denied",
      message: expect.stringMatching(/^.{100,1000}$/u),
    });
    expect(failure).toMatchObject({ facts: { reason: expect.stringMatching(/^.{1,100}$/u) } });
  });
});

describe("listAndWatch", () => {
  const collection = { path: "/api/v1/nodes", query: "", checked: true };
  async function take(connection: KubernetesConnection, count: number): Promise<Sighting[]> {
    const seen: Sighting[] = [];
    const stop = new AbortController();
    for await (const sighting of listAndWatch(connection, collection, stop.signal)) {
      seen.push(sighting);
      if (seen.length === count) break;
    }
    stop.abort();
    return seen;
  }
  it("lists, then follows from the listed version, leaving bookmarks out", async () => {
    const events = [
      { type: "BOOKMARK", object: node("", "8") },
      { type: "MODIFIED", object: node("a", "9") },
      { type: "DELETED", object: node("a", "10") },
    ];
    serve(first, [{ events, end: false }]);
    expect(kinds(await take(connect(), 3))).toEqual(["listed -", "MODIFIED", "DELETED"]);
    expect(first.requests[1]).toContain("resourceVersion=7");
  });

  it("lists anew after 410 Gone and after garbage, with a span that reaches back", async () => {
    const gone = { type: "ERROR", object: { code: 410, reason: "Expired", message: "too old" } };
    serve(first, [
      { events: [gone], end: true },
      { events: ['{"type":"MODI\n'], end: false },
    ]);
    const seen = await take(connect(), 3);
    expect(kinds(seen)[1]).toMatch(/410 Expired/u);
    expect(kinds(seen)[2]).toMatch(/not of the expected form/u);
    // The list shows how things were when it was asked for, at the least.
    expect(seen[1]?.seen.earliest).toBe(seen[0]?.seen.earliest);
    expect(seen[1]?.seen.latest).toBeGreaterThan(seen[0]?.seen.latest ?? 0);
  });

  it("lists anew without complaint when the server ends the watch in order", async () => {
    serve(first, [{ events: [], end: true }]);
    expect(kinds(await take(connect(), 2))).toEqual(["listed -", "listed -"]);
  });

  it("moves on when a pulse finds the server dead that streams", async () => {
    serve(first, []);
    serve(second, [{ events: [{ type: "MODIFIED", object: node("a", "9") }], end: false }]);
    const connection = connect({}, quickClock());
    const taking = take(connection, 3);
    await expect.poll(() => first.requests.some((each) => each.includes("watch=true"))).toBe(true);
    first.answer = hang;
    for (const server of connection.servers) await connection.pulse(server, never);
    const seen = await taking;
    expect(kinds(seen)[1]).toMatch(/given up/u);
    expect(seen[1]).toMatchObject({ server: { url: second.url } });
    expect(kinds(seen)[2]).toBe("MODIFIED");
  });

  it("gives up where rights are missing", async () => {
    first.answer = (_request, response) => json(response, { reason: "Forbidden" }, 403);
    await expect(take(connect(), 1)).rejects.toMatchObject({ code: "denied" });
  });

  it("ends quietly when it is told to stop", async () => {
    serve(first, []);
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const { kind } of listAndWatch(connect(), collection, stop.signal)) {
      seen.push(kind);
      setTimeout(() => stop.abort(new Error("enough")), 100);
    }
    expect(seen).toEqual(["listed"]);
  });
});
