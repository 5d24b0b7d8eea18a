import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import type { TicketEndpoint } from "../../src/contracts/endpoint.ts";
import type { Layer } from "../../src/model/experiment.ts";
import { answerChallenge } from "../../src/probe/rfb/vnc-authentication.ts";
import { attemptAt, novnc, password, resultAt } from "./attempts.ts";
import type { Behaviour, FakeDesktop } from "./fake-desktop.ts";
import { challenge, fakeDesktop, speakRfb, text, u16, u32 } from "./fake-desktop.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function desktop(behaviour: Behaviour = {}): Promise<FakeDesktop> {
  const fake = await fakeDesktop(behaviour);
  closers.push(async () => await fake.close());
  return fake;
}

/** A bare TCP server, for what no HTTP server would do. */
async function tcpServer(serve: (socket: Socket) => void): Promise<ReturnType<typeof novnc>> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const { port } = server.address() as AddressInfo;
  return novnc({ page_url: `http://127.0.0.1:${port}/`, websocket_url: `ws://127.0.0.1:${port}/` });
}

/** Its backlog is full and it never accepts: further connections meet silence, as at a dead host. */
async function deafServer(): Promise<ReturnType<typeof novnc>> {
  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads");
     const server = require("node:net").createServer();
     server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = (await once(worker, "message")) as [number];
  const fillers = [1, 2, 3].map(() => connect(port, "127.0.0.1").on("error", () => undefined));
  closers.push(async () => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  });
  return novnc({ page_url: `http://127.0.0.1:${port}/`, websocket_url: `ws://127.0.0.1:${port}/` });
}

const badAfter = (reached: Layer | null, failure: object): object => ({
  kind: "bad",
  reached,
  failure: expect.objectContaining(failure) as object,
});

describe("attempt at a healthy desktop", () => {
  it.each(["tcp", "http", "websocket", "rfb", "frame"] as const)(
    "is good at depth %s",
    async (depth) => {
      const fake = await desktop();
      const deepEnough = depth === "rfb" || depth === "frame";
      expect(await resultAt(novnc(fake), { depth })).toEqual({
        kind: "good",
        instance: deepEnough ? "desktop-1" : null,
      });
    },
  );

  it.each(["003.003", "003.007", "003.008", "003.889", "004.001"])(
    "speaks RFB %s",
    async (version) => {
      const fake = await desktop({ speak: speakRfb({ version }) });
      expect(await resultAt(novnc(fake))).toMatchObject({ kind: "good" });
    },
  );

  it.each(["003.003", "003.007", "003.008"])(
    "gives its VNC password in RFB %s",
    async (version) => {
      const answer = answerChallenge(challenge, "secret12");
      const fake = await desktop({ speak: speakRfb({ version, security: [2], answer }) });
      const endpoint = novnc(fake, { vnc_password: password("secret12") });
      expect(await resultAt(endpoint)).toMatchObject({ kind: "good" });
    },
  );

  it("sends the Host header of an ingress, shares the session and asks for 64 x 64 pixels at most", async () => {
    const fake = await desktop();
    await resultAt(novnc(fake, { host_header: "desktop.example.org" }));
    await expect.poll(() => fake.sent.length).toBe(1);
    expect(fake.hosts).toEqual(["desktop.example.org", "desktop.example.org"]);
    const [sent] = fake.sent;
    expect(sent?.subarray(12, 14)).toEqual(Buffer.from([1, 1]));
    const request = sent?.subarray(-10);
    expect([request?.[0], request?.[1]]).toEqual([3, 0]);
    expect([request?.readUInt16BE(6), request?.readUInt16BE(8)]).toEqual([64, 64]);
  });

  it("passes over bells, clipboards and colour maps", async () => {
    const aside = Buffer.concat([
      Buffer.from([2, 3, 0, 0, 0]),
      text("clipboard"),
      Buffer.from([1, 0, 0, 0, 0, 2]),
      Buffer.alloc(12),
    ]);
    const fake = await desktop({ speak: speakRfb({ aside }) });
    expect(await resultAt(novnc(fake))).toMatchObject({ kind: "good" });
  });

  it("finishes authentication even where only the websocket was asked for", async () => {
    const fake = await desktop();
    await resultAt(novnc(fake), { depth: "websocket" });
    await expect.poll(() => fake.sent.length).toBe(1);
    expect(fake.sent[0]?.length).toBe(14);
  });

  it("sees a screen that is smaller than what it asks for, and one that just changed its size", async () => {
    const small = await desktop({ speak: speakRfb({ width: 8, height: 4 }) });
    expect(await resultAt(novnc(small))).toMatchObject({ kind: "good" });
    const resize = Buffer.concat([
      Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]),
      u16(100),
      u16(80),
      u32(-223),
    ]);
    let resized = false;
    const changing = await desktop({
      speak: async (line) => {
        const send = line.send.bind(line);
        line.send = (...parts) => {
          if (!resized && parts.length === 8) {
            resized = true;
            send(resize);
          } else send(...parts);
        };
        await speakRfb()(line);
      },
    });
    expect(await resultAt(novnc(changing))).toMatchObject({ kind: "good" });
    expect(resized).toBe(true);
  });
});

describe("attempt at a broken desktop says what broke", () => {
  it("refused, when nobody listens", async () => {
    const fake = await fakeDesktop();
    await fake.close();
    expect(await resultAt(novnc(fake))).toEqual(badAfter(null, { kind: "refused" }));
  });

  it("timed out during tcp, when nobody answers", async () => {
    const endpoint = await deafServer();
    expect(await resultAt(endpoint, { connect_ms: 200 })).toEqual(
      badAfter(null, { kind: "timed-out", during: "tcp" }),
    );
  });

  it("timed out during http, when it accepts and keeps silent", async () => {
    const endpoint = await tcpServer(() => undefined);
    const began = performance.now();
    const result = await resultAt(endpoint, { attempt_ms: 200 });
    expect(result).toEqual(badAfter("tcp", { kind: "timed-out", during: "http" }));
    expect(performance.now() - began).toBeGreaterThan(195);
  });

  it.each([100, 10_000])(
    "nothing at all, when the prober itself was held up past the deadline, at a period of %i ms",
    async (period_ms) => {
      const endpoint = await tcpServer(() => undefined);
      setTimeout(() => {
        const until = performance.now() + 300;
        while (performance.now() < until);
      }, 20);
      const result = await resultAt(endpoint, { attempt_ms: 60, period_ms, strict: true });
      expect(result).toMatchObject({ kind: "unobserved", why: "late" });
    },
  );

  it("reset and closed, when the connection ends before an answer", async () => {
    const resetting = await tcpServer((socket) =>
      socket.once("data", () => socket.resetAndDestroy()),
    );
    expect(await resultAt(resetting)).toEqual(badAfter("tcp", { kind: "reset", during: "http" }));
    const closing = await tcpServer((socket) => socket.once("data", () => socket.end()));
    expect(await resultAt(closing)).toEqual(badAfter("tcp", { kind: "closed", during: "http" }));
  });

  it.each([
    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort",
  ])("closed, when the page ends in the middle", async (answer) => {
    const endpoint = await tcpServer((socket) => socket.once("data", () => socket.end(answer)));
    expect(await resultAt(endpoint)).toEqual(badAfter("tcp", { kind: "closed", during: "http" }));
  });

  it("protocol, when it speaks no HTTP", async () => {
    const endpoint = await tcpServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    expect(await resultAt(endpoint)).toEqual(badAfter("tcp", { kind: "protocol", during: "http" }));
  });

  it.each([404, 502, 503])("http-status, when the page is %i", async (status) => {
    const fake = await desktop({ page: () => ({ status, body: "no" }) });
    expect(await resultAt(novnc(fake))).toEqual(badAfter("tcp", { kind: "http-status", status }));
  });

  it("does not read a page without end", async () => {
    const fake = await desktop({ page: () => ({ status: 200, body: "x".repeat(4_000_000) }) });
    expect(await resultAt(novnc(fake))).toMatchObject({ kind: "good" });
  });

  it("timed out during http, when the page drips", async () => {
    const endpoint = await tcpServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
      const drip = setInterval(() => socket.write("x"), 20);
      socket.once("close", () => clearInterval(drip));
    });
    const result = await resultAt(endpoint, { attempt_ms: 250 });
    expect(result).toEqual(badAfter("tcp", { kind: "timed-out", during: "http" }));
  });

  it("http-status after http, when the page is there but no WebSocket", async () => {
    const fake = await desktop({ refuseUpgrade: 502 });
    expect(await resultAt(novnc(fake))).toEqual(
      badAfter("http", { kind: "http-status", status: 502 }),
    );
  });

  it("websocket-close 1011, when websockify finds no VNC server", async () => {
    const fake = await desktop({
      speak: async (line) => {
        await Promise.resolve();
        line.websocket.close(1011, "Failed to connect to downstream server");
      },
    });
    expect(await resultAt(novnc(fake))).toEqual(
      badAfter("websocket", {
        kind: "websocket-close",
        code: 1011,
        reason: "Failed to connect to downstream server",
      }),
    );
  });

  it("websocket-close, even when a reset follows the close frame, as websockify's does", async () => {
    const fake = await desktop({
      speak: async (line) => {
        await Promise.resolve();
        const socket = Reflect.get(line.websocket, "_socket") as Socket;
        socket.prependOnceListener("data", () => socket.resetAndDestroy());
        line.websocket.close(1011, "Failed to connect to downstream server");
      },
    });
    expect(await resultAt(novnc(fake))).toMatchObject({
      failure: { kind: "websocket-close", code: 1011 },
    });
  });

  it("closed during rfb, when the WebSocket ends without a close frame", async () => {
    const fake = await desktop({
      speak: async (line) => {
        await Promise.resolve();
        line.websocket.terminate();
      },
    });
    expect(await resultAt(novnc(fake))).toEqual(
      badAfter("websocket", { kind: "closed", during: "rfb" }),
    );
  });

  it("timed out during rfb, when the VNC server hangs", async () => {
    const fake = await desktop({ speak: async () => await Promise.resolve() });
    expect(await resultAt(novnc(fake), { attempt_ms: 300 })).toEqual(
      badAfter("websocket", { kind: "timed-out", during: "rfb" }),
    );
  });

  it("protocol during rfb, when text comes, or another greeting", async () => {
    const texting = await desktop({
      speak: async (line) => {
        await Promise.resolve();
        line.websocket.send("RFB 003.008\n");
      },
    });
    const greeting = await desktop({
      speak: async (line) => {
        await Promise.resolve();
        line.send("HELLO WORLD\n");
      },
    });
    for (const fake of [texting, greeting]) {
      expect(await resultAt(novnc(fake))).toEqual(
        badAfter("websocket", { kind: "protocol", during: "rfb" }),
      );
    }
  });

  it("protocol during rfb, when the desktop's name is huge", async () => {
    const fake = await desktop({ speak: speakRfb({ name: "x".repeat(100_000) }) });
    expect(await resultAt(novnc(fake))).toEqual(
      badAfter("websocket", { kind: "protocol", during: "rfb" }),
    );
  });

  it("rfb, when pixels come in an encoding that was not announced", async () => {
    const zlib = Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1]), u32(6)]);
    const fake = await desktop({ speak: speakRfb({ aside: zlib }) });
    const detail =
      "the server sent encoding 6 (zlib), though of all encodings only Raw (0) was announced";
    expect(await resultAt(novnc(fake))).toEqual(badAfter("rfb", { kind: "rfb", detail }));
  });

  it("uniform-frame, when the screen is black", async () => {
    const fake = await desktop({ speak: speakRfb({ colour: () => 0 }) });
    expect(await resultAt(novnc(fake))).toEqual(badAfter("rfb", { kind: "uniform-frame" }));
  });

  it("rfb, when the password is wrong, missing, or the security type unknown", async () => {
    const answer = answerChallenge(challenge, "right");
    const locked = await desktop({ speak: speakRfb({ security: [2], answer }) });
    const wrong = await attemptAt(novnc(locked, { vnc_password: password("wrong") }));
    expect(wrong.result).toEqual(
      badAfter("websocket", {
        kind: "rfb",
        detail: "authentication failed: Authentication failure",
      }),
    );
    expect(wrong.refusal).toBe("not-admitted");
    const missing = await attemptAt(novnc(locked));
    expect(missing.result).toMatchObject({ failure: { kind: "rfb" } });
    expect(missing.refusal).toBe("not-admitted");
    const veNCrypt = await desktop({ speak: speakRfb({ security: [19, 5] }) });
    const detail =
      "no security type but VeNCrypt (19), RA2 (5) is offered; None (1) and VNC authentication (2) are supported";
    expect(await resultAt(novnc(veNCrypt))).toMatchObject({ failure: { kind: "rfb", detail } });
  });

  it("rfb and locked out, when Xvnc has had enough of us", async () => {
    const fake = await desktop({
      speak: async (line) => {
        line.send("RFB 003.003\n", u32(0), text("Too many security failures"));
        await line.read(12);
        line.websocket.close(1000);
      },
    });
    const outcome = await attemptAt(novnc(fake));
    expect(outcome.refusal).toBe("locked-out");
    expect(outcome.result).toMatchObject({ failure: { kind: "rfb" } });
  });
});

it("is locked out, too, when an old server says so by a number alone", async () => {
  const fake = await desktop({
    speak: async (line) => {
      line.send("RFB 003.007\n");
      await line.read(12);
      line.send([1, 2]);
      await line.read(1);
      line.send(challenge);
      await line.read(16);
      line.send(u32(2));
    },
  });
  const { refusal } = await attemptAt(novnc(fake, { vnc_password: password("any") }));
  expect(refusal).toBe("locked-out");
});

const rejected = async (cause: Error): Promise<never> => await Promise.reject(cause);

describe("attempt through a console ticket", () => {
  let fake: FakeDesktop;
  beforeEach(async () => {
    const answer = answerChallenge(challenge, "PVEVNC:6");
    fake = await desktop({ speak: speakRfb({ security: [2], answer, name: "QEMU (vm)" }) });
  });

  const ticketAt = (open: TicketEndpoint["open"]): TicketEndpoint => ({
    kind: "ticket",
    minimum_period_ms: 1000,
    address: () => ({ host: "127.0.0.1", port: fake.port }),
    open,
  });
  const ticket = () => ({
    websocket_url: fake.websocket_url,
    headers: { Authorization: "PVEAPIToken=x" },
    vnc_password: "PVEVNC:6A-longer-than-eight",
    ca_pem: null,
    fingerprint: null,
    instance: "pve2 started 17:00",
  });

  const failingWith = async (error: Error): Promise<unknown> =>
    await resultAt(ticketAt(() => rejected(error)));

  it("takes the instance from the API, not from the RFB name", async () => {
    const endpoint = ticketAt(async () => await Promise.resolve(ticket()));
    expect(await resultAt(endpoint)).toEqual({ kind: "good", instance: "pve2 started 17:00" });
    expect(fake.hosts).toHaveLength(1);
  });

  it("maps what the API says to failures", async () => {
    expect(await failingWith(new OperatingError("timed-out", "no answer"))).toEqual(
      badAfter("tcp", { kind: "timed-out", during: "http" }),
    );
    expect(
      await failingWith(new OperatingError("rejected", "500 Configuration file missing")),
    ).toEqual(badAfter("tcp", { kind: "no-way-in", detail: "500 Configuration file missing" }));
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    expect(await failingWith(new OperatingError("unreachable", "no", { cause: refused }))).toEqual(
      badAfter("tcp", { kind: "refused" }),
    );
    expect(await failingWith(new OperatingError("untrusted", "other CA"))).toEqual(
      badAfter("tcp", { kind: "tls" }),
    );
    expect(await failingWith(new OperatingError("configuration", "no token"))).toMatchObject({
      kind: "unobserved",
      why: "prober-error",
    });
  });

  it("ends at its deadline even when the API client does not obey", async () => {
    const endpoint = ticketAt(async () => await new Promise(() => undefined));
    expect(await resultAt(endpoint, { attempt_ms: 200 })).toEqual(
      badAfter("tcp", { kind: "timed-out", during: "http" }),
    );
  });

  it("asks for no ticket while it holds back", async () => {
    let asked = 0;
    const endpoint = ticketAt(async () => {
      asked += 1;
      return await Promise.resolve(ticket());
    });
    expect(await resultAt(endpoint, { held: true })).toMatchObject({ kind: "good" });
    expect(asked).toBe(0);
  });
});
