import { Agent, get as httpsGet } from "node:https";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { serveProxmox } from "../../../src/lab/proxmox/serve-proxmox.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { FakeTwin, off } from "./support/fake-twin.ts";
import { LabBench } from "./support/lab-bench.ts";

const bench = new LabBench();
let twin: FakeTwin;

beforeAll(async () => {
  await bench.start(async (context) => {
    twin = new FakeTwin(context.twinTime.queue, () => context.twinTime.wallSeconds());
    return await serveProxmox({ name: "labc", bmc: "ipmi", safety: defaultSafety, twin }, context);
  });
});
afterAll(async () => {
  await bench.stop();
});

const get = async (path: string, token?: string) =>
  await bench.ask("pv7", "GET", `/api2/json${path}`, token === undefined ? {} : { token });

describe("the API of a lab cluster, refusing", () => {
  it("holds every 401 back for three seconds and gives it no body", async () => {
    const answers = await Promise.all([
      bench.ask("pv7", "GET", "/api2/json/version", { token: null }),
      get("/version", "PVEAPIToken=blackout@pve!lab=00000000-0000-0000-0000-000000000000"),
      get("/version", "PVEAPIToken=nobody@pve!x=00000000-0000-0000-0000-000000000000"),
      get("/version", "PVEAPIToken=nonsense"),
    ]);
    expect(answers.map((each) => [each.status, each.reason, each.text])).toEqual([
      [401, "No ticket", ""],
      [401, "Authentication failed!", ""],
      [401, "Authentication failed!", ""],
      [401, "Authentication failed!", ""],
    ]);
    for (const answer of answers) {
      expect(answer.seconds).toBeGreaterThanOrEqual(3);
      expect(answer.headers["content-length"]).toBeUndefined();
    }
  });

  it("tells a token without rights which privilege is missing where", async () => {
    const low = bench.lowToken();
    expect((await get("/cluster/status", low)).reason).toBe(
      "Permission check failed (/, Sys.Audit)",
    );
    const path = "/api2/json/nodes/pv8/qemu/100/status/start";
    const start = await bench.ask("pv7", "POST", path, { token: low });
    expect([start.status, start.reason]).toEqual([
      403,
      "Permission check failed (/vms/100, VM.PowerMgmt)",
    ]);
    expect((await get("/version", low)).status).toBe(200);
    expect((await get("/cluster/resources", low)).body).toEqual({ data: [] });
  });

  it("names each wrong parameter in a map", async () => {
    const answer = await bench.ask("pv7", "PUT", "/api2/json/cluster/ha/resources/vm:100", {
      body: "state=bogus&nonsense=1&max_restart=x",
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      data: null,
      message: "Parameter verification failed.\n",
      errors: {
        state:
          "value 'bogus' does not have a value in the enumeration 'started, stopped, enabled, disabled, ignored'",
        nonsense:
          "property is not defined in schema and the schema does not allow additional properties",
        max_restart: "type check ('integer') failed - got 'x'",
      },
    });
  });

  it("names a missing parameter", async () => {
    const answer = await bench.ask("pv7", "POST", "/api2/json/cluster/ha/resources");
    expect(answer.body).toMatchObject({
      errors: { sid: "property is missing and it is not optional" },
    });
  });

  it("answers 501 to a path that it has not, and 404 outside the API", async () => {
    expect((await get("/nodes/pv7/ceph/status")).reason).toBe(
      "Method 'GET /nodes/pv7/ceph/status' not implemented",
    );
    expect((await bench.ask("pv7", "GET", "/")).status).toBe(404);
  });

  it("has neither Ceph nor a QDevice, and says so as PVE does", async () => {
    expect((await get("/cluster/config/qdevice")).body).toEqual({ data: {} });
    const ceph = await get("/cluster/ceph/status");
    expect([ceph.status, ceph.reason]).toEqual([500, "binary not installed: /usr/bin/ceph-mon"]);
  });

  it("reads no more than 512 KiB of a body", async () => {
    const body = `comment=${"x".repeat(600_000)}`;
    const put = bench.ask("pv7", "PUT", "/api2/json/cluster/ha/resources/vm:100", { body });
    expect((await put).reason).toBe("for data too large");
  });
});

const login = async (password: string) =>
  await bench.ask("pv7", "POST", "/api2/json/access/ticket", {
    token: null,
    body: new URLSearchParams({ username: "blackout@pve", password }).toString(),
  });

describe("a login with a password", () => {
  it("is refused, late, with the wrong one", async () => {
    const answer = await login("wrong");
    expect([answer.status, answer.reason]).toEqual([401, "authentication failure"]);
    expect(answer.seconds).toBeGreaterThanOrEqual(3);
  });

  it("gives a cookie that reads, and writes only with its CSRF token", async () => {
    const { data } = Object(await login(bench.secret("api-password")).then((each) => each.body));
    const cookie = { Cookie: `PVEAuthCookie=${encodeURIComponent(String(data.ticket))}` };
    const read = await bench.ask("pv8", "GET", "/api2/json/version", {
      token: null,
      headers: cookie,
    });
    expect(read.status).toBe(200);
    const put = async (headers: Record<string, string>) =>
      await bench.ask("pv7", "PUT", "/api2/json/cluster/ha/resources/vm:100", {
        token: null,
        headers: { ...cookie, ...headers },
        body: "comment=hello",
      });
    expect((await put({})).reason).toBe("Permission denied - invalid csrf token");
    expect((await put({ CSRFPreventionToken: String(data.CSRFPreventionToken) })).status).toBe(200);
    expect((await login(String(data.ticket))).status).toBe(200);
  });
});

describe("a pool", () => {
  it("is made once, and is refused to whoever comes second", async () => {
    const make = async () =>
      await bench.ask("pv8", "POST", "/api2/json/pools", { body: "poolid=lock&comment=mine" });
    const answers = await Promise.all([make(), make()]);
    expect(answers.map((each) => each.reason).toSorted()).toEqual([
      "OK",
      "create pool failed: pool 'lock' already exists",
    ]);
    expect((await get("/pools/lock")).body).toEqual({ data: { comment: "mine", members: [] } });
    expect((await bench.ask("pv9", "DELETE", "/api2/json/pools/lock")).status).toBe(200);
    const again = await bench.ask("pv9", "DELETE", "/api2/json/pools?poolid=lock");
    expect(again.reason).toBe("delete pool failed: pool 'lock' does not exist");
  });

  it("gives its comment back as user.cfg keeps it: trimmed, and with percent signs undone", async () => {
    const comment = encodeURIComponent('  {"a":"%41 %C3%A4 ü\n"} ');
    await bench.ask("pv8", "POST", "/api2/json/pools", { body: `poolid=odd&comment=${comment}` });
    const kept = '{"a":"A ä ü\n"}';
    expect((await get("/pools/odd")).body).toEqual({ data: { comment: kept, members: [] } });
    await bench.ask("pv8", "PUT", "/api2/json/pools/odd", { body: "comment=" });
    expect((await get("/pools/odd")).body).toEqual({ data: { members: [] } });
    await bench.ask("pv8", "DELETE", "/api2/json/pools/odd");
  });

  it("is seen with Pool.Audit and changed with Pool.Allocate", async () => {
    const token = bench.lowToken();
    const said = async (method: string, path: string) =>
      (await bench.ask("pv7", method, `/api2/json${path}`, { token })).reason;
    const refused = "Permission check failed (/pool/p, Pool.Allocate)";
    expect(await said("GET", "/pools/p")).toBe("Permission check failed (/pool/p, Pool.Audit)");
    expect(await said("PUT", "/pools/p")).toBe(refused);
    expect(await said("POST", "/pools?poolid=p")).toBe(refused);
    expect(await said("DELETE", "/pools?poolid=p")).toBe(refused);
  });
});

describe("a VM's life through the API", () => {
  it("goes from clone over config, start and agent to its end", async () => {
    const vm = "/api2/json/nodes/pv9/qemu/200";
    const clone = await bench.ask("pv7", "POST", "/api2/json/nodes/pv8/qemu/100/clone", {
      body: "newid=200&name=desk&target=pv9&full=1&description=ours",
    });
    expect(clone.body).toMatchObject({ data: expect.stringMatching(/^UPID:pv8:.*:qmclone:100:/) });
    await bench.ask("pv7", "PUT", `${vm}/config`, { body: "agent=1&memory=128&delete=vga" });
    const config = await bench.ask("pv7", "GET", `${vm}/config`);
    expect(config.body).toMatchObject({
      data: { name: "desk", description: "ours", agent: "1", memory: "128", cores: 1 },
    });
    expect(config.text).not.toContain("vga");
    expect((await bench.ask("pv7", "POST", `${vm}/agent/ping`)).reason).toBe(
      "VM 200 is not running",
    );
    await bench.ask("pv7", "POST", `${vm}/status/start`);
    expect((await bench.ask("pv7", "POST", `${vm}/agent/ping`)).reason).toBe(
      "QEMU guest agent is not running",
    );
    twin.setGuest(200, twin.running("up"));
    const interfaces = await bench.ask("pv7", "GET", `${vm}/agent/network-get-interfaces`);
    const address = /"ip-address":"(127\.(?!0\.0\.1)[\d.]+)"/.exec(interfaces.text)?.[1] ?? "";
    const page = await vi.waitFor(async () => await fetch(`http://${address}:6080/vnc.html`));
    expect(page.status).toBe(200);
    await page.text();
    await bench.ask("pv7", "POST", `${vm}/status/stop`);
    expect(twin.vms().find((each) => each.vmid === 200)?.guest).toEqual(off);
    expect((await bench.ask("pv7", "DELETE", `${vm}?purge=1`)).status).toBe(200);
    expect((await bench.ask("pv7", "GET", `${vm}/config`)).reason).toBe(
      "Configuration file 'nodes/pv9/qemu-server/200.conf' does not exist",
    );
  });
});

describe("a connection that the client keeps", () => {
  it("serves one call after the other, refusals among them", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: bench.ca() });
    const call = async (path: string): Promise<string> =>
      await new Promise((resolve, reject) => {
        const headers = { Authorization: bench.token() };
        httpsGet(`${bench.url("pv7")}/api2/json${path}`, { agent, headers }, (response) => {
          const port = response.socket.localPort;
          response.resume();
          response.on("end", () => {
            resolve(`${response.statusCode} ${String(port)}`);
          });
        }).on("error", reject);
      });
    const answers = [
      await call("/version"),
      await call("/cluster/ha/resources/vm:999"),
      await call("/cluster/status"),
    ];
    agent.destroy();
    expect(answers.map((each) => each.split(" ")[0])).toEqual(["200", "500", "200"]);
    expect(new Set(answers.map((each) => each.split(" ")[1])).size).toBe(1);
  });
});
