import { afterEach, describe, expect, it } from "vitest";
import { milliseconds, seconds } from "../../../src/base/time.ts";
import type { TicketEndpoint } from "../../../src/contracts/endpoint.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { createProbe } from "../../../src/probe/create-probe.ts";
import { novnc, password, secrets } from "../attempts.ts";
import type { Behaviour, FakeDesktop, Line } from "../fake-desktop.ts";
import { fakeDesktop, speakRfb, u16, u32 } from "../fake-desktop.ts";
import { colourAt, lookAt, never, pictureOf, viewsOn } from "../views.ts";

const desktops: FakeDesktop[] = [];
afterEach(async () => {
  for (const desktop of desktops.splice(0)) await desktop.close();
});

async function desktopThat(behaviour: Behaviour = {}): Promise<FakeDesktop> {
  const desktop = await fakeDesktop(behaviour);
  desktops.push(desktop);
  return desktop;
}

/** 0xRRGGBB, as the probe asks for it. */
const shown = (x: number, y: number): number => ((x % 256) << 16) | ((y % 256) << 8) | 90;

/** Sizes of the tiles that were asked for. */
function askedFor(sent: Buffer): readonly (readonly [number, number])[] {
  // Behind version, security and shared: what the probe says once, then requests.
  const requests = sent.subarray(12 + 1 + 1 + 20 + 4 + 4 * 3);
  return Array.from({ length: requests.length / 10 }, (_, index) => [
    requests.readUInt16BE(index * 10 + 6),
    requests.readUInt16BE(index * 10 + 8),
  ]);
}

/** A server that answers each request with `answer`. */
function answering(
  size: readonly [number, number],
  answer: (line: Line, requests: number) => Promise<void> | void,
): (line: Line) => Promise<void> {
  return async (line) => {
    line.send("RFB 003.008\n");
    await line.read(12);
    line.send([1, 1]);
    await line.read(1);
    line.send(u32(0));
    await line.read(1);
    line.send(u16(size[0]), u16(size[1]), Buffer.alloc(16), u32(1), "x");
    await line.read(20 + 4 + 4 * 3);
    for (let requests = 1; ; requests++) {
      await line.read(10);
      await answer(line, requests);
    }
  };
}

const rectangle = (x: number, y: number, width: number, height: number): Buffer => {
  const pixels = Buffer.alloc(width * height * 4);
  for (let index = 0; index < width * height; index++) {
    pixels.writeUInt32LE(shown(x + (index % width), y + Math.floor(index / width)), index * 4);
  }
  return Buffer.concat([u16(x), u16(y), u16(width), u16(height), u32(0), pixels]);
};

describe("a picture of a desktop", () => {
  it("is its whole screen, asked for in pieces of 64 x 64 at most", async () => {
    const speak = speakRfb({ width: 200, height: 130, colour: shown, name: "pod-1" });
    const desktop = await desktopThat({ speak });
    const picture = await pictureOf(novnc(desktop));
    expect(picture).toMatchObject({ width: 200, height: 130, instance: "pod-1" });
    for (let y = 0; y < 130; y++) {
      for (let x = 0; x < 200; x++) expect(colourAt(picture, x, y)).toBe(shown(x, y));
    }
    await expect.poll(() => desktop.sent).toHaveLength(1);
    const tiles = askedFor(desktop.sent[0] ?? Buffer.alloc(0));
    expect(tiles).toHaveLength(4 * 3);
    expect(tiles.every(([width, height]) => width <= 64 && height <= 64)).toBe(true);
    expect(picture.taken.latest).toBeGreaterThanOrEqual(picture.taken.earliest);
  });

  it("needs the password of the VNC server, and leaves no socket behind", async () => {
    const { answerChallenge } = await import("../../../src/probe/rfb/vnc-authentication.ts");
    const { challenge } = await import("../fake-desktop.ts");
    const answer = answerChallenge(challenge, "secret12");
    const desktop = await desktopThat({ speak: speakRfb({ security: [2], answer }) });
    const endpoint = novnc(desktop, { vnc_password: password("secret12") });
    expect(await pictureOf(endpoint)).toMatchObject({ width: 640 });
    await expect.poll(() => desktop.open()).toBe(0);
  });

  it("is asked for once from a server that sends all of it at once", async () => {
    let asked = 0;
    const speak = answering([200, 130], (line, requests) => {
      asked = requests;
      line.send([0, 0], u16(1), rectangle(0, 0, 200, 130));
    });
    const picture = await pictureOf(novnc(await desktopThat({ speak })));
    expect(colourAt(picture, 199, 129)).toBe(shown(199, 129));
    expect(asked).toBe(1);
  });

  it("is put together from an answer to many requests at once, in other pieces than asked for", async () => {
    const speak = answering([128, 192], async (line, requests) => {
      if (requests === 1) line.send([0, 0], u16(1), rectangle(0, 0, 64, 64));
      if (requests < 6) return;
      await Promise.resolve();
      line.send([0, 0], u16(2), rectangle(0, 64, 128, 128), rectangle(60, 0, 68, 64));
    });
    const picture = await pictureOf(novnc(await desktopThat({ speak })));
    for (const [x, y] of [
      [0, 0],
      [127, 0],
      [0, 191],
      [127, 191],
      [64, 64],
    ] as const) {
      expect(colourAt(picture, x, y)).toBe(shown(x, y));
    }
  });

  it("is taken anew when the screen is given another size", async () => {
    const speak = answering([64, 64], (line, requests) => {
      if (requests === 1) line.send([0, 0], u16(1), u16(0), u16(0), u16(32), u16(16), u32(-223));
      else line.send([0, 0], u16(1), rectangle(0, 0, 32, 16));
    });
    const picture = await pictureOf(novnc(await desktopThat({ speak })));
    expect(picture).toMatchObject({ width: 32, height: 16 });
    expect(picture.rgb).toHaveLength(32 * 16 * 3);
  });

  it.each([
    ["too large", [8192, 8192], "its screen of 8192 x 8192 pixels is larger than 4096 x 2160"],
    ["as large as there are", [65_535, 65_535], "65535 x 65535"],
    ["empty", [0, 600], "its screen has no pixels"],
  ] as const)("is not taken of a screen that is %s", async (_, [width, height], words) => {
    const desktop = await desktopThat({ speak: speakRfb({ width, height }) });
    await expect(pictureOf(novnc(desktop))).rejects.toThrow(words);
    await expect.poll(() => desktop.open()).toBe(0);
    // It had been let in: nobody counts that against us.
    expect(desktop.sent[0]?.length).toBeGreaterThanOrEqual(14);
  });

  it("is not there in time where the server is silent, and says so", async () => {
    const desktop = await desktopThat({ speak: answering([64, 64], () => undefined) });
    await expect(pictureOf(novnc(desktop), { limit_ms: 150 })).rejects.toThrow(
      "Cannot look at the desktop as its picture was not there within 150 ms",
    );
    await expect.poll(() => desktop.open()).toBe(0);
  });

  it("is given up with the reason of a signal that is aborted", async () => {
    const stop = new AbortController();
    const speak = answering([64, 64], () => stop.abort(new Error("Ctrl-C")));
    const look = { ...lookAt(novnc(await desktopThat({ speak }))), limit: seconds(10) };
    await expect(viewsOn().picture(look, stop.signal)).rejects.toThrow("Ctrl-C");
  });

  it("is not taken where the probe was told to leave RFB alone, or where there is none", async () => {
    const desktop = await desktopThat();
    const look = { ...lookAt(novnc(desktop), { depth: "websocket" }), limit: seconds(10) };
    await expect(viewsOn().picture(look, never)).rejects.toThrow("no deeper than websocket");
    expect(desktop.hosts).toEqual([]);
    const port = { kind: "tcp", address: () => ({ host: "127.0.0.1", port: 1 }) } as const;
    await expect(pictureOf(port)).rejects.toThrow("no desktop behind a bare port");
  });

  it("is not tried again at a desktop that turned somebody away lately", async () => {
    const views = viewsOn();
    const desktop = await desktopThat({ speak: speakRfb({ security: [2] }) });
    const endpoint = novnc(desktop, { vnc_password: password("wrong") });
    await expect(pictureOf(endpoint, { views })).rejects.toThrow("Authentication failure");
    const before = desktop.hosts.length;
    await expect(pictureOf(endpoint, { views })).rejects.toThrow("left alone for a while");
    expect(desktop.hosts).toHaveLength(before);
  });
});

describe("a picture through a console", () => {
  it("has a ticket of its own, no sooner than the cluster bears after the last attempt's", async () => {
    const clock = new SystemClock();
    const probe = createProbe({ clock, secrets });
    const desktop = await desktopThat({ speak: speakRfb({ width: 64, height: 64 }) });
    const tickets: number[] = [];
    const endpoint: TicketEndpoint = {
      kind: "ticket",
      minimum_period_ms: 200,
      address: () => ({ host: "127.0.0.1", port: desktop.port }),
      open: async () => {
        tickets.push(performance.now());
        return await Promise.resolve({
          websocket_url: desktop.websocket_url,
          headers: {},
          vnc_password: "",
          ca_pem: null,
          fingerprint: null,
          instance: "pve1 100",
        });
      },
    };
    const stop = new AbortController();
    const look = lookAt(endpoint);
    const grid = { ...look.grid, period: milliseconds(200) };
    const results: string[] = [];
    let taken: Promise<unknown> = Promise.resolve();
    await probe.watch(
      { ...look, grid, target: "desktop", endpoint: () => endpoint, start: clock.now() },
      ({ result }) => {
        results.push(result.kind === "unobserved" ? result.why : result.kind);
        if (results.length === 2) {
          taken = probe.picture({ ...look, grid, limit: seconds(5) }, never);
        }
        if (results.length === 8) stop.abort();
      },
      stop.signal,
    );
    expect(await taken).toMatchObject({ instance: "pve1 100", width: 64 });
    expect(results.filter((result) => result === "skipped").length).toBeGreaterThan(0);
    const apart = tickets.slice(1).map((at, index) => at - (tickets[index] ?? 0));
    expect(Math.min(...apart)).toBeGreaterThan(120);
  });
});
