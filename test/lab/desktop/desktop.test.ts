import type { AddressInfo } from "node:net";
import { createServer } from "node:http";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { after, origin } from "../../../src/base/time.ts";
import type { LabDesktop } from "../../../src/lab/desktop/desktop.ts";
import { handleDesktopUpgrade } from "../../../src/lab/desktop/desktop-http.ts";
import { serveDesktop } from "../../../src/lab/desktop/serve-desktop.ts";
import { createLabNetwork } from "../../../src/lab/network/create-network.ts";
import type { LabNetwork } from "../../../src/lab/network/network.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { clockBut } from "../../support/clock-but.ts";
import { MiniVnc } from "./mini-vnc.ts";

const state = { password: null as string | null, up: true };
/** Frames follow one another by the waits for them alone: never two, after which a lamp looks as before. */
let now = origin;
const desktop: LabDesktop = {
  clock: clockBut({
    now: () => now,
    sleep: (duration) => {
      now = after(now, duration);
      return Promise.resolve();
    },
  }),
  name: () => "desktop-1 boot 7",
  password: () => state.password,
  vncUp: () => state.up,
};
let network: LabNetwork;
let authority: string;

beforeAll(async () => {
  network = await createLabNetwork(new SystemClock());
  const host = await network.addHost("guest");
  await serveDesktop(host, 6080, desktop);
  authority = `${host.address}:6080`;
});
afterAll(async () => await network.close());
beforeEach(() => {
  state.password = null;
  state.up = true;
});

const visit = (): MiniVnc => new MiniVnc(`ws://${authority}/websockify`);

test("serveDesktop serves the page and noVNC's scripts, and nothing else of the package", async () => {
  const page = await fetch(`http://${authority}/vnc.html?autoconnect=1`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("./core/rfb.js");
  const script = await fetch(`http://${authority}/core/rfb.js`);
  expect(script.headers.get("content-type")).toContain("text/javascript");
  expect(await script.text()).toContain("export default class RFB");
  for (const path of ["/package.json", "/core/..%2fpackage.json", "/core/rfb", "/nothing"]) {
    const { status } = await fetch(`http://${authority}${path}`);
    expect({ path, status }).toEqual({ path, status: 404 });
  }
  expect((await fetch(`http://${authority}/`, { method: "POST" })).status).toBe(405);
});

test("every module that noVNC imports is served", async () => {
  const seen = new Set<string>();
  const load = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    seen.add(path);
    const reply = await fetch(`http://${authority}${path}`);
    expect({ path, status: reply.status }).toEqual({ path, status: 200 });
    const imports = (await reply.text()).matchAll(
      /^\s*(?:import|export)[^'"]*from\s+['"](.+)['"]/gm,
    );
    for (const [, name] of imports) {
      await load(new URL(name ?? "", `http://host${path}`).pathname);
    }
  };
  await load("/core/rfb.js");
  expect(seen.size).toBeGreaterThan(20);
});

test("a visitor without a password gets the instance's name and a picture that is nowhere uniform", async () => {
  const vnc = visit();
  expect(await vnc.handshake(null)).toEqual({ name: "desktop-1 boot 7", width: 800, height: 600 });
  for (const [x, y] of [
    [0, 0],
    [736, 536],
    [368, 268],
    [333, 111],
  ] as const) {
    vnc.request(false, x, y, 64, 64);
    const [piece] = await vnc.update();
    expect(piece).toMatchObject({ x, y, width: 64, height: 64 });
    const colours = new Set<number>();
    for (let at = 0; at < 64 * 64 * 4; at += 4) colours.add(piece?.pixels.readUInt32LE(at) ?? -1);
    expect(colours.size).toBeGreaterThan(1);
  }
  vnc.socket.close();
});

test("an incremental request is answered when the picture has moved, with what has moved", async () => {
  const vnc = visit();
  await vnc.handshake(null);
  vnc.request(false, 100, 100, 64, 64);
  const [before] = await vnc.update();
  vnc.request(true, 100, 100, 64, 64);
  const moved = await vnc.update();
  const area = moved.reduce((total, piece) => total + piece.width * piece.height, 0);
  expect(area).toBe(8 * 8);
  vnc.request(false, 100, 100, 64, 64);
  const [later] = await vnc.update();
  expect(later?.pixels.equals(before?.pixels ?? Buffer.alloc(0))).toBe(false);
  vnc.socket.close();
});

test("the picture is cut at the edge of the screen, and a request outside it is not answered", async () => {
  const vnc = visit();
  await vnc.handshake(null);
  vnc.request(false, 900, 0, 10, 10);
  vnc.request(false, 790, 590, 64, 64);
  expect(await vnc.update()).toMatchObject([{ x: 790, y: 590, width: 10, height: 10 }]);
  vnc.socket.close();
});

test("SetPixelFormat is honoured: the same piece in 32, 16 and 8 bits, both byte orders", async () => {
  const vnc = visit();
  await vnc.handshake(null);
  const ask = async (
    bits: number,
    big: number,
    channels: readonly (readonly [number, number])[],
  ) => {
    const format = Buffer.alloc(16);
    format.set([bits, bits, big, 1]);
    channels.forEach(([maximum, shift], index) => {
      format.writeUInt16BE(maximum, 4 + 2 * index);
      format[10 + index] = shift;
    });
    vnc.send([0, 0, 0, 0], format);
    vnc.request(false, 20, 20, 5, 5);
    const [piece] = await vnc.update(bits / 8);
    const first = piece?.pixels ?? Buffer.alloc(4);
    const value = big === 1 ? first.readUIntBE(0, bits / 8) : first.readUIntLE(0, bits / 8);
    return channels.map(([maximum, shift]) =>
      Math.round((((value >>> shift) & maximum) * 255) / maximum),
    );
  };
  const full = await ask(32, 0, [
    [255, 16],
    [255, 8],
    [255, 0],
  ]);
  expect(
    await ask(32, 1, [
      [255, 0],
      [255, 8],
      [255, 16],
    ]),
  ).toEqual(full);
  const near = (seen: readonly number[], step: number): void => {
    seen.forEach((value, index) =>
      expect(Math.abs(value - (full[index] ?? 0))).toBeLessThanOrEqual(step),
    );
  };
  near(
    await ask(16, 0, [
      [31, 11],
      [63, 5],
      [31, 0],
    ]),
    5,
  );
  near(
    await ask(16, 1, [
      [31, 11],
      [63, 5],
      [31, 0],
    ]),
    5,
  );
  near(
    await ask(8, 0, [
      [7, 0],
      [7, 3],
      [3, 6],
    ]),
    43,
  );
  vnc.socket.close();
});

test("keys, pointer, cut text and encodings are swallowed; the next request is answered", async () => {
  const vnc = visit();
  await vnc.handshake(null);
  vnc.send([2, 0, 0, 2, 0, 0, 0, 0, 255, 255, 255, 33]);
  vnc.send([4, 1, 0, 0, 0, 0, 0, 65], [5, 1, 0, 9, 0, 9], [6, 0, 0, 0, 0, 0, 0, 3], "abc");
  vnc.request(false, 0, 0, 1, 1);
  expect(await vnc.update()).toHaveLength(1);
  vnc.socket.close();
});

test("a visitor with the right password gets in, with a wrong one is told so and shown out", async () => {
  state.password = "secret12345";
  const right = visit();
  expect((await right.handshake("secret12")).name).toBe("desktop-1 boot 7");
  right.socket.close();
  const wrong = visit();
  await expect(wrong.handshake("wrong")).rejects.toThrow("Authentication failed");
  await wrong.closed;
});

test("websockify says 101 and then 1011 while the VNC server is down, though the page answers 200", async () => {
  state.up = false;
  expect((await fetch(`http://${authority}/vnc.html`)).status).toBe(200);
  const vnc = visit();
  let opened = false;
  vnc.socket.once("open", () => (opened = true));
  expect(await vnc.closed).toEqual({
    code: 1011,
    reason: "Failed to connect to downstream server",
  });
  expect(opened).toBe(true);
});

test("a session ends when the VNC server is stopped", async () => {
  const vnc = visit();
  await vnc.handshake(null);
  vnc.request(false, 0, 0, 8, 8);
  await vnc.update();
  vnc.request(true, 0, 0, 64, 64);
  state.up = false;
  expect(await vnc.closed).toEqual({ code: 1000, reason: "Target closed" });
});

test("garbage ends the session, and the next visitor is served", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 12, maxLength: 200 }),
      fc.boolean(),
      async (bytes, late) => {
        const vnc = visit();
        await vnc.read(12);
        if (late) vnc.send("RFB 003.008\n", [1, 1], [99]);
        else vnc.send("x", Buffer.from(bytes));
        expect((await vnc.closed).code).toBe(1000);
      },
    ),
    { numRuns: 20, seed: 20_261_122 },
  );
  const vnc = visit();
  await vnc.handshake(null);
  vnc.socket.close();
});

test("handleDesktopUpgrade works behind another server, and knows only /websockify", async () => {
  const relay = createServer();
  relay.on("upgrade", (request, socket, head) => {
    handleDesktopUpgrade(request, socket, head, desktop);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const { port } = relay.address() as AddressInfo;
  const vnc = new MiniVnc(`ws://127.0.0.1:${port}/websockify`);
  await vnc.handshake(null);
  vnc.socket.terminate();
  const status = await new Promise((resolve) => {
    const other = new WebSocket(`ws://127.0.0.1:${port}/other`, "binary");
    other.on("unexpected-response", (_request, response) => resolve(response.statusCode));
    other.on("error", () => undefined);
  });
  expect(status).toBe(404);
  relay.close();
});
