import { afterEach, describe, expect, test } from "vitest";
import { connect } from "node:net";
import { request } from "node:http";
import { WebSocket } from "ws";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { powerOff, powerOn } from "./power.ts";
import type { TestLab } from "./test-lab.ts";
import { deployDesktop, eventually, hurry, startTestLab } from "./test-lab.ts";

let lab: TestLab;
afterEach(async () => {
  await lab.close();
});

/** Status and body, or the error's code. */
async function get(url: string, host: string, limitMs = 1500): Promise<string> {
  return await new Promise((resolve) => {
    const asked = request(
      url,
      { headers: { host }, timeout: limitMs, agent: false },
      (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () => resolve(`${response.statusCode ?? 0} ${body.slice(0, 20)}`));
      },
    );
    asked.on("timeout", () => {
      asked.destroy();
      resolve("silence");
    });
    asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    asked.end();
  });
}

/** The first bytes behind the WebSocket upgrade. */
async function greet(url: string, host: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = new WebSocket(url, ["binary"], { headers: { host } });
    socket.once("message", (data: Buffer) => {
      socket.terminate();
      resolve(data.toString());
    });
    socket.once("close", (code) => resolve(`closed ${code}`));
    socket.once("error", reject);
  });
}

const page = async (host = "desktop.test") =>
  await get(`${lab.cluster.ingress_url ?? ""}/vnc.html`, host);

const running = async () => {
  const { body } = await lab.call("GET", "/api/v1/namespaces/desk/pods");
  return body.items.find(
    (pod: { metadata: { deletionTimestamp?: string } }) =>
      pod.metadata.deletionTimestamp === undefined,
  );
};

describe("the lab's data plane", () => {
  test("answers 404, 503, 200, then 504 and 503 through a failover, 200 again, and the node comes back", async () => {
    // A slow desktop, so that the 503 between the dead pod and the new one lasts half a real second.
    const assumed = { ...hurry, desktop_start_ms: 30_000 };
    lab = await startTestLab(60, { ...defaultKubernetesSettings, assumed });
    expect(await page()).toMatch(/^404/);
    await deployDesktop(lab, "desk", "probe");
    expect(await page()).toMatch(/^503/);
    await eventually(page, (answer) => answer.startsWith("200"));
    expect(await page("other.test")).toMatch(/^404/);
    const websocket = (lab.cluster.ingress_url ?? "").replace("http", "ws");
    expect(await greet(`${websocket}/websockify`, "desktop.test")).toMatch(/^RFB 003\.008/);

    const service = (await lab.call("GET", "/api/v1/namespaces/desk/services/probe")).body;
    const nodePort: number = service.spec.ports[0].nodePort;
    const ways = lab.cluster.nodes.map(
      (node) => `http://${node.address ?? ""}:${nodePort}/vnc.html`,
    );
    for (const way of ways) expect(await get(way, "x")).toMatch(/^200/);

    const victim = (await running()).spec.nodeName;
    const first = (await running()).metadata.name;
    const { bmc, address, ssh } = lab.node(victim);
    expect(bmc).toMatchObject({ kind: "ipmi" });
    expect(bmc).not.toMatchObject({ host: address });
    expect(ssh?.port).toBe(2222);
    await powerOff(lab, victim);
    expect(await get(`http://${address ?? ""}:${nodePort}/`, "x", 300)).toBe("silence");
    const seen: string[] = [];
    await eventually(
      async () => {
        const answer = (await page()).slice(0, 3);
        if (seen.at(-1) !== answer) seen.push(answer);
        return answer;
      },
      (answer) => answer === "200",
    );
    expect(seen[0]).toBe("504");
    expect(seen).toContain("503");
    expect(seen.at(-1)).toBe("200");
    const second = await running();
    expect(second.metadata.name).not.toBe(first);
    expect(second.spec.nodeName).not.toBe(victim);
    const old = await lab.call("GET", `/api/v1/namespaces/desk/pods/${first}`);
    expect(old.body.metadata.deletionTimestamp).toBeDefined();

    await powerOn(lab, victim);
    await eventually(
      async () => (await lab.call("GET", `/api/v1/namespaces/desk/pods/${first}`)).status,
      (status) => status === 404,
    );
    await eventually(
      async () => await get(`http://${address ?? ""}:${nodePort}/vnc.html`, "x", 300),
      (answer) => answer.startsWith("200"),
    );
  });

  test("breaks and mends the ingress, the VNC servers, and one API server alone", async () => {
    lab = await startTestLab();
    await deployDesktop(lab, "desk", "probe");
    await eventually(page, (answer) => answer.startsWith("200"));
    await lab.lab.control({ part: "ingress", node: null, working: false });
    expect(await page()).toBe("ECONNREFUSED");
    await lab.lab.control({ part: "ingress", node: null, working: true });
    expect(await page()).toMatch(/^200/);
    await lab.lab.control({ part: "vnc", node: null, working: false });
    const websocket = (lab.cluster.ingress_url ?? "").replace("http", "ws");
    expect(await greet(`${websocket}/websockify`, "desktop.test")).toBe("closed 1011");
    await lab.lab.control({ part: "vnc", node: null, working: true });
    await lab.lab.control({ part: "api", node: "cp2", working: false });
    const [, second] = lab.cluster.api.servers;
    const port = Number(new URL(second?.url ?? "").port);
    const refused = await new Promise((resolve) => {
      const socket = connect({ host: new URL(second?.url ?? "").hostname, port });
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.once("connect", () => resolve("connected"));
    });
    expect(refused).toBe("ECONNREFUSED");
    expect((await lab.call("GET", "/api/v1/nodes")).status).toBe(200);
    await expect(lab.lab.control({ part: "api", node: "worker1", working: false })).rejects.toThrow(
      /no such part/,
    );
    for (const part of ["ssh", "bmc"] as const) {
      await lab.lab.control({ part, node: "worker1", working: false });
      await lab.lab.control({ part, node: "worker1", working: true });
    }
  });
});
