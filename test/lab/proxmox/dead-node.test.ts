import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "node:net";
import { seconds } from "../../../src/base/time.ts";
import { serveProxmox } from "../../../src/lab/proxmox/serve-proxmox.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { FakeTwin } from "./support/fake-twin.ts";
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

const ask = async (method: string, path: string) =>
  await bench.ask("pv7", method, `/api2/json${path}`);
const pause = async (lab: number) =>
  await bench.clock.sleep(seconds(lab), new AbortController().signal);

/** What a TCP connection to a node's API port meets within a few real moments. */
async function knock(node: string): Promise<string> {
  const { hostname, port } = new URL(bench.url(node));
  return await new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const settle = (what: string): void => {
      socket.destroy();
      resolve(what);
    };
    socket.once("connect", () => settle("connected"));
    socket.once("error", (error) => settle("code" in error ? String(error.code) : error.message));
    socket.setTimeout(300, () => settle("silence"));
  });
}

describe("a node that is not there", () => {
  it("is answered for by the others: 500 when nobody knows its name, 595 once it is dead", async () => {
    const answer = await ask("GET", "/nodes/nosuch/status");
    expect(answer.reason).toContain("hostname lookup 'nosuch' failed");
    twin.setHost("pv8", "off");
    const write = await ask("POST", "/nodes/pv8/qemu/100/status/start");
    expect([write.status, write.reason, write.text]).toEqual([595, "No route to host", ""]);
    const read = await ask("GET", "/nodes/pv8/status");
    expect([read.status, read.reason]).toEqual([595, "No route to host"]);
  });

  it("is silent on the network, and answers again when it is up", async () => {
    expect(await knock("pv8")).toBe("silence");
    expect(await knock("pv7")).toBe("connected");
    twin.setHost("pv8", "up");
    await pause(3);
    expect((await bench.ask("pv8", "GET", "/api2/json/version")).status).toBe(200);
  });
});

describe("a write while the ring re-forms", () => {
  it("waits for it, and a read does not", async () => {
    twin.freeze();
    const put = bench.ask("pv7", "PUT", "/api2/json/cluster/ha/resources/vm:100", {
      body: "comment=freeze",
    });
    expect((await ask("GET", "/cluster/ha/resources")).text).not.toContain("freeze");
    await pause(6);
    twin.thaw();
    const answer = await put;
    expect([answer.status, answer.body]).toEqual([200, { data: null }]);
    expect(answer.seconds).toBeGreaterThanOrEqual(6);
  });

  it("is given up by the proxy after 30 s with 596", async () => {
    twin.freeze();
    const answer = await ask("POST", "/pools?poolid=never");
    expect([answer.status, answer.reason, answer.text]).toEqual([596, "Connection timed out", ""]);
    twin.thaw();
  });
});

describe("a part that is switched off by itself", () => {
  it("refuses on a living node, for clients and for the other nodes", async () => {
    await bench.running?.control({ part: "api", node: "pv9", working: false });
    expect(await knock("pv9")).toBe("ECONNREFUSED");
    expect((await ask("GET", "/nodes/pv9/status")).reason).toBe("Connection refused");
    await bench.running?.control({ part: "api", node: "pv9", working: true });
    expect((await ask("GET", "/nodes/pv9/status")).status).toBe(200);
    expect((await bench.ask("pv9", "GET", "/api2/json/version")).status).toBe(200);
  });

  it("says so when the cluster has no such part", async () => {
    const control = bench.running?.control({ part: "ingress", node: null, working: false });
    await expect(control).rejects.toThrow("has no such part");
  });
});
