import type { Server } from "node:http";
import { createServer } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { createCertificateIssuer } from "../../../src/lab/certificates/issuer.ts";
import { createLabNetwork } from "../../../src/lab/network/create-network.ts";
import type { LabHost, LabNetwork } from "../../../src/lab/network/network.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";

const PORT = 8006;
/** Real milliseconds; loopback answers within one. */
const PATIENCE = 80;
const clock = new SystemClock();
const networks: LabNetwork[] = [];

afterEach(async () => {
  await Promise.all(networks.splice(0).map(async (network) => await network.close()));
});

async function newNetwork(): Promise<LabNetwork> {
  const network = await createLabNetwork(clock);
  networks.push(network);
  return network;
}

async function webHost(): Promise<{ host: LabHost; server: Server }> {
  const host = await (await newNetwork()).addHost("pve1");
  const server = createServer((_request, response) => response.end("alive"));
  await host.listen(PORT, (socket) => server.emit("connection", socket));
  return { host, server };
}

const wait = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};

/** What a visitor sees: `answered`, `refused`, `reset`, `closed`, `no connection` or `no answer`. */
async function visit(host: LabHost, port = PORT): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connect({ host: host.address, port });
    let state = "no connection";
    const end = (result: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => end(state), PATIENCE);
    socket.once("connect", () => {
      state = "no answer";
      socket.write("GET / HTTP/1.0\r\n\r\n");
    });
    socket.once("data", () => end("answered"));
    socket.once("close", () => end("closed"));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      end({ ECONNREFUSED: "refused", ECONNRESET: "reset" }[error.code ?? ""] ?? error.message),
    );
  });
}

async function opened(host: LabHost): Promise<{ socket: Socket; events: string[] }> {
  const socket = connect({ host: host.address, port: PORT });
  const events: string[] = [];
  socket.on("data", () => events.push("data"));
  socket.on("end", () => events.push("end"));
  socket.on("error", (error: NodeJS.ErrnoException) => events.push(error.code ?? error.message));
  await new Promise((resolve) => socket.once("connect", resolve));
  await wait(10);
  return { socket, events };
}

test("each host has an address of its own, and two networks never share one", async () => {
  const [one, two] = await Promise.all([newNetwork(), newNetwork()]);
  const hosts = await Promise.all([one.addHost("a"), one.addHost("b"), two.addHost("a")]);
  expect(new Set(hosts.map((host) => host.address)).size).toBe(3);
  for (const host of hosts) expect(host.address).toMatch(/^127\.\d+\.\d+\.\d+$/);
});

test("a living host answers where it listens and refuses everywhere else", async () => {
  const { host } = await webHost();
  expect(await visit(host)).toBe("answered");
  expect(await visit(host, PORT + 1)).toBe("refused");
  await host.unlisten(PORT);
  expect(await visit(host)).toBe("refused");
});

test("listen rejects when the port is taken", async () => {
  const network = await newNetwork();
  const host = await network.addHost("pve1");
  await host.listen(PORT, () => undefined);
  await expect(host.listen(PORT, () => undefined)).rejects.toThrow("already listens");
});

test("silence: new connections find nobody, and nothing says goodbye to open ones", async () => {
  const { host } = await webHost();
  const { socket, events } = await opened(host);
  await host.silence();
  expect(host.silent).toBe(true);
  expect(await Promise.all([1, 2, 3, 4].map(async () => await visit(host)))).toEqual(
    Array.from({ length: 4 }, () => "no connection"),
  );
  socket.write("GET / HTTP/1.0\r\n\r\n");
  await wait(PATIENCE);
  expect(events).toEqual([]);
  socket.destroy();
});

test("wake: listeners answer again and connections from before the cut are reset", async () => {
  const { host } = await webHost();
  const { events } = await opened(host);
  await host.silence();
  await host.wake();
  expect(host.silent).toBe(false);
  await wait(10);
  expect(events).toEqual(["ECONNRESET"]);
  expect(await visit(host)).toBe("answered");
});

test("wake after unlisten in silence: the port is dead until then and refuses afterwards", async () => {
  const { host } = await webHost();
  await host.silence();
  await host.unlisten(PORT);
  expect(await visit(host)).toBe("no connection");
  await host.wake();
  expect(await visit(host)).toBe("refused");
});

test("listen in silence: the port is dead until the host wakes", async () => {
  const { host, server } = await webHost();
  await host.silence();
  await host.listen(PORT + 1, (socket) => server.emit("connection", socket));
  await host.unlisten(PORT);
  await host.listen(PORT, (socket) => server.emit("connection", socket));
  expect(await visit(host)).toBe("no connection");
  expect(await visit(host, PORT + 1)).toBe("no connection");
  await host.wake();
  expect(await visit(host)).toBe("answered");
  expect(await visit(host, PORT + 1)).toBe("answered");
});

test("silence and wake asked for without waiting end in the state that was asked for last", async () => {
  const { host } = await webHost();
  await Promise.all([host.silence(), host.wake(), host.silence()]);
  expect(await visit(host)).toBe("no connection");
  await Promise.all([host.wake(), host.silence(), host.wake()]);
  expect(await visit(host)).toBe("answered");
});

test("a TLS session freezes without a close_notify", async () => {
  const host = await (await newNetwork()).addHost("pve1");
  const authority = await createCertificateIssuer(clock).createAuthority("Lab");
  const { key, certificate } = await authority.issueServer({
    commonName: "pve1",
    dnsNames: [],
    addresses: [host.address],
  });
  const server = createTlsServer({ key, cert: certificate }, (session) => {
    session.on("error", () => undefined);
    session.write("hello");
  });
  await host.listen(PORT, (socket) => server.emit("connection", socket));
  const client = connectTls({ host: host.address, port: PORT, ca: authority.pem });
  const events: string[] = [];
  client.on("end", () => events.push("end"));
  client.on("error", (error: NodeJS.ErrnoException) => events.push(error.code ?? error.message));
  await new Promise((resolve) => client.once("data", resolve));
  await host.silence();
  client.write("are you there?");
  await wait(PATIENCE);
  expect(events).toEqual([]);
  await host.wake();
  await wait(10);
  expect(events).toEqual(["ECONNRESET"]);
});

test("no visitor is refused during 50 power cuts, though many knock all the time", async () => {
  const { host } = await webHost();
  const seen = new Map<string, number>();
  const now = { phase: "alive" };
  const knock = async (): Promise<void> => {
    while (now.phase !== "over") {
      const before = now.phase;
      const result = await visit(host);
      const key =
        before === now.phase ? `${before}: ${result}` : `${before}, ${now.phase}: ${result}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  };
  const knockers = Array.from({ length: 6 }, async () => await knock());
  for (let cut = 0; cut < 50; cut++) {
    now.phase = "alive";
    await wait(5);
    now.phase = "cut";
    await host.silence();
    await wait(20);
    now.phase = "waking";
    await host.wake();
  }
  now.phase = "over";
  await Promise.all(knockers);
  const wrong = [...seen].filter(
    ([key]) =>
      !key.includes("waking") && /refused|reset|closed/.test(key) && !key.startsWith("cut,"),
  );
  expect(wrong).toEqual([]);
  expect(seen.size).toBeGreaterThan(2);
});
