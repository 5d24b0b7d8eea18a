import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { ProxmoxApiError, ProxmoxTransportError } from "../../../src/clients/proxmox/api-error.ts";
import { createProxmoxApi, type ProxmoxApi } from "../../../src/clients/proxmox/proxmox-api.ts";
import { waitForTask } from "../../../src/clients/proxmox/wait-for-task.ts";
import { milliseconds } from "../../../src/base/time.ts";
import type { ApiHost, TlsTrust } from "../../../src/model/inventory.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import type { Behaviour } from "./fake-pve.ts";
import { caPath, clusterOf, fakePve, ok, otherCaPath, secretsOf } from "./fake-pve.ts";

const SECRET = "0a1b2c3d-0000-4000-8000-00000000feed";
const open: (() => Promise<void>)[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (close) => close()));
});

async function pve(behave: () => Behaviour, node: string | null = null) {
  const fake = await fakePve(behave, node);
  open.push(fake.close);
  return fake;
}

function api(hosts: readonly ApiHost[], tls?: TlsTrust, secret = SECRET): ProxmoxApi {
  const session = createProxmoxApi({
    cluster: clusterOf(hosts, tls),
    clock: new SystemClock(),
    secrets: secretsOf(secret),
  });
  open.push(async () => session.close());
  return session;
}

/** A host where nobody listens: closed a moment ago. */
async function deadHost(node: string | null = null): Promise<ApiHost> {
  const { host, close } = await fakePve(() => ok(null), node);
  await close();
  return host;
}

const failureOf = async (promise: Promise<unknown>): Promise<ProxmoxTransportError> => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof ProxmoxTransportError) return error;
  throw new Error(`expected a transport error, got ${String(error)}`);
};
const refusalOf = async (promise: Promise<unknown>): Promise<ProxmoxApiError> => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof ProxmoxApiError) return error;
  throw new Error(`expected an API error, got ${String(error)}`);
};

describe("createProxmoxApi", () => {
  test("asks with the token, over a connection that the cluster's CA proves", async () => {
    const host = await pve(() => ok({ version: "9.2.11" }));
    const version = await api([host.host]).paths(never).version.$get();
    expect(version).toEqual({ version: "9.2.11" });
    expect(host.asked[0]).toMatchObject({
      line: "GET /api2/json/version",
      authorization: `PVEAPIToken=lab@pve!tool=${SECRET}`,
    });
  });

  test("sends parameters of a read in the query and those of a write in the body, flags as 1 and 0", async () => {
    const host = await pve(() => ok(null));
    const paths = api([host.host]).paths(never);
    await paths.cluster.resources.$get({ type: "vm" });
    await paths.nodes.$("pv8").qemu.$(101).clone.$post({ newid: 102, name: "c2", full: true });
    await paths.nodes.$("pv8").qemu.$(102).$delete({ purge: true });
    expect(host.asked.map(({ line, body }) => `${line} ${body}`.trim())).toEqual([
      "GET /api2/json/cluster/resources?type=vm",
      "POST /api2/json/nodes/pv8/qemu/101/clone newid=102&name=c2&full=1",
      "DELETE /api2/json/nodes/pv8/qemu/102?purge=1",
    ]);
  });

  test("sends a write once when the connection drops, and does not know whether it took effect", async () => {
    const first = await pve(() => "drop");
    const second = await pve(() => ok(null));
    const session = api([first.host, second.host]);
    const error = await failureOf(
      session.call({ method: "POST", path: "/nodes/a/qemu/1/status/start" }, never),
    );
    expect(error.code).toBe("unreachable");
    expect(error.sent).toBe("unknown");
    expect(first.asked).toHaveLength(1);
    expect(second.asked).toHaveLength(0);
  });

  test("sends a write to the next host when the first never took the connection", async () => {
    const second = await pve(() => ok(null));
    await api([await deadHost(), second.host]).call({ method: "POST", path: "/x" }, never);
    expect(second.asked).toHaveLength(1);
  });

  test.each([["drop"], [{ status: 595, reason: "No route to host" }], [{ status: 596 }]] as const)(
    "asks the next host to read when the first one answers %j",
    async (behaviour) => {
      const first = await pve(() => behaviour);
      const second = await pve(() => ok([]));
      const reply = await api([first.host, second.host]).call(
        { method: "GET", path: "/cluster/status" },
        never,
      );
      expect(reply.host).toBe(second.host);
    },
  );

  test("stays with the host that answered, and comes back to the other only when that one fails", async () => {
    const second = await pve(() => ok([]));
    const session = api([await deadHost(), second.host]);
    await session.call({ method: "GET", path: "/cluster/status" }, never);
    expect(session.nextHost()).toBe(second.host);
  });

  test("never asks the host on a node that is to be avoided, and says so when there is no other", async () => {
    const victim = await pve(() => ok([]), "pv7");
    const other = await pve(() => ok([]), "pv8");
    const session = api([victim.host, other.host]);
    session.avoid("pv7");
    await session.call({ method: "GET", path: "/cluster/status" }, never);
    expect(victim.asked).toHaveLength(0);
    session.avoid(null);
    const alone = api([victim.host]);
    alone.avoid("pv7");
    await expect(alone.call({ method: "GET", path: "/version" }, never)).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("Add another node's URL to api.hosts"),
    });
  });

  test("gives up a host that hangs at the call's deadline", async () => {
    const host = await pve(() => "hang");
    const error = await failureOf(
      api([host.host]).call(
        { method: "GET", path: "/version", patience: { least: milliseconds(150), floors: 0 } },
        never,
      ),
    );
    expect(error.code).toBe("timed-out");
  });

  test("ends with the signal's own reason when that is aborted", async () => {
    const host = await pve(() => "hang");
    const reason = new Error("interrupted");
    const controller = new AbortController();
    const call = api([host.host]).call({ method: "GET", path: "/version" }, controller.signal);
    setTimeout(() => controller.abort(reason), 50);
    await expect(call).rejects.toBe(reason);
  });

  test("refuses a certificate of another CA, and names the cure", async () => {
    const host = await pve(() => ok([]));
    const error = await failureOf(
      api([host.host], { kind: "ca", path: otherCaPath }).call(
        { method: "POST", path: "/version" },
        never,
      ),
    );
    expect(error.code).toBe("untrusted");
    expect(error.sent).toBe("no");
    expect(error.message).toContain("/etc/pve/pve-root-ca.pem");
    expect(host.asked).toHaveLength(0);
  });

  test("takes a pinned certificate in any spelling, and refuses another one", async () => {
    const host = await pve(() => ok([]));
    const pem = await readFile(caPath.replace("ca.pem", "server.pem"));
    const sha256 = new X509Certificate(pem).fingerprint256;
    for (const spelling of [sha256, sha256.toLowerCase().replaceAll(":", "")]) {
      await api([host.host], { kind: "fingerprint", sha256: spelling }).call(
        { method: "GET", path: "/version" },
        never,
      );
    }
    const error = await failureOf(
      api([host.host], { kind: "fingerprint", sha256: "00".repeat(32) }).call(
        { method: "GET", path: "/version" },
        never,
      ),
    );
    expect(error.code).toBe("untrusted");
    expect(error.message).toContain(sha256);
    expect(host.asked).toHaveLength(2);
  });

  test("names a CA file that is not there", async () => {
    const host = await pve(() => ok([]));
    const session = api([host.host], { kind: "ca", path: "/nowhere/ca.pem" });
    await expect(session.call({ method: "GET", path: "/version" }, never)).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringContaining("/nowhere/ca.pem"),
    });
  });

  test.each([
    [401, "Authentication failed!", "denied", "api.token_secret"],
    [403, "Permission check failed (/, Sys.Audit)", "denied", "Sys.Audit"],
    [500, "no such resource 'vm:999'", "rejected", "vm:999"],
    [595, "No route to host", "unreachable", "No route to host"],
  ])("tells %i %s as %s", async (status, reason, code, words) => {
    const host = await pve(() => ({ status, reason }));
    const error = await refusalOf(
      api([host.host]).call({ method: "GET", path: "/cluster/ha/resources/vm:999" }, never),
    );
    expect(error).toMatchObject({ status, code });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain(SECRET);
  });

  test("tells which parameter was wrong", async () => {
    const body = JSON.stringify({ data: null, errors: { failback: "property is not defined\n" } });
    const host = await pve(() => ({ status: 400, reason: "Parameter verification failed.", body }));
    const error = await refusalOf(api([host.host]).call({ method: "POST", path: "/x" }, never));
    expect(error.errors).toEqual({ failback: "property is not defined" });
  });

  test("copes with words of the API that are none, or without end", async () => {
    const errors = { a: { toString: 1 }, b: [[]], ["c".repeat(100_000)]: "x".repeat(100_000) };
    const body = JSON.stringify({ data: null, errors });
    const host = await pve(() => ({ status: 400, reason: "No", body }));
    const error = await refusalOf(api([host.host]).call({ method: "POST", path: "/x" }, never));
    expect(error.errors).toMatchObject({ a: '{"toString":1}', b: "[[]]" });
    expect(error.message.length).toBeLessThan(2000);
  });

  test("cuts off an answer that does not end", async () => {
    const body = `{"data":"${"x".repeat(17 * 1024 * 1024)}"}`;
    const host = await pve(() => ({ status: 200, body }));
    const error = await failureOf(
      api([host.host]).call({ method: "GET", path: "/cluster/tasks" }, never),
    );
    expect(error.code).toBe("protocol");
    expect(error.message).toContain("too long");
  });

  test("calls an answer that is no JSON what it is", async () => {
    const host = await pve(() => ({ status: 200, body: "<html>" }));
    const error = await failureOf(
      api([host.host]).call({ method: "GET", path: "/version" }, never),
    );
    expect(error.code).toBe("protocol");
  });

  test("keeps a token secret that no header can carry out of its message", async () => {
    const host = await pve(() => ok([]));
    const session = api([host.host], undefined, "line one\nline two");
    const error: unknown = await session
      .call({ method: "GET", path: "/version" }, never)
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("api.token_secret");
    expect(String(error)).not.toContain("line two");
  });
});

describe("waitForTask", () => {
  const upid = "UPID:pv7:000001B8:0009BA91:6B02668C:qmclone:101:lab@pve!tool:";

  test("waits until the task has stopped well", async () => {
    const host = await pve(() => ok({ status: "stopped", exitstatus: "OK" }));
    await waitForTask(upid, { api: api([host.host]), clock: new SystemClock() }, never);
    expect(host.asked[0]?.line).toBe(
      `GET /api2/json/nodes/pv7/tasks/${encodeURIComponent(upid)}/status`,
    );
  });

  test.each(["UPID:pv7:\ud800:", "UPID:../..:x", "UPID:", 7])(
    "asks for no task by a name that is none: %j",
    async (answer) => {
      const host = await pve(() => ok(null));
      const waiting = waitForTask(
        answer,
        { api: api([host.host]), clock: new SystemClock() },
        never,
      );
      await expect(waiting).rejects.toMatchObject({ code: "protocol" });
      expect(host.asked).toEqual([]);
    },
  );

  test("rejects with the task's own words when it failed", async () => {
    const host = await pve(() =>
      ok({ status: "stopped", exitstatus: "storage 'x' does not exist" }),
    );
    await expect(
      waitForTask(upid, { api: api([host.host]), clock: new SystemClock() }, never),
    ).rejects.toMatchObject({ code: "rejected", message: expect.stringContaining("storage 'x'") });
  });
});
