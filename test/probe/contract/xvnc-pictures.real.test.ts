import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { requires } from "../../support/requires.ts";
import { resultAt } from "../attempts.ts";
import { colourAt, lookAt, never, pictureOf, viewsOn } from "../views.ts";
import { watchUntil } from "./watch-until.ts";
import type { XvncDesktop } from "./xvnc.ts";
import { PATTERN, startXvnc, withoutPassword, withPassword, xvncPackages } from "./xvnc.ts";

const needed = requires({ ...xvncPackages, xsetroot: "x11-xserver-utils" });
const RED = 0xcc3311;

describe.skipIf(needed.skip)(`pictures of Xtigervnc behind websockify${needed.note}`, () => {
  const started: XvncDesktop[] = [];
  afterEach(async () => {
    for (const desktop of started.splice(0)) await desktop.stop();
  });
  const xvnc = async (...options: readonly string[]): Promise<XvncDesktop> => {
    const desktop = await startXvnc(options);
    started.push(desktop);
    return desktop;
  };

  it.each([
    ["without a password", withoutPassword],
    ["with one", withPassword],
  ])("shows the whole screen as it was drawn, %s", async (_, security) => {
    const { endpoint, display, instance } = await xvnc(PATTERN, ...security);
    const before = await pictureOf(endpoint);
    expect(before).toMatchObject({ width: 800, height: 600 });
    expect(before.instance).toContain(instance);
    const colours = [0, 1, 2, 3].map((x) => colourAt(before, 100 + x, 100));
    expect(new Set(colours).size).toBeGreaterThan(1);

    await promisify(execFile)("xsetroot", ["-display", display, "-solid", "#cc3311"]);
    const after = await pictureOf(endpoint);
    const corners = [
      [0, 0],
      [799, 0],
      [0, 599],
      [799, 599],
      [130, 450],
    ] as const;
    expect(corners.map(([x, y]) => colourAt(after, x, y))).toEqual(corners.map(() => RED));
  });

  it("knows the size that the screen has now", async () => {
    const { endpoint, resize } = await xvnc(PATTERN, ...withoutPassword);
    await resize();
    const { width, height, rgb } = await pictureOf(endpoint);
    expect([640, 1024]).toContain(width);
    expect(rgb).toHaveLength(width * height * 3);
  });

  it("locks nobody out, however many are taken beside a watch and a held session", async () => {
    const { endpoint } = await xvnc(PATTERN, ...withPassword);
    const probe = viewsOn();
    const facts: string[] = [];
    const hear = ({ kind }: { readonly kind: string }): unknown => facts.push(kind);
    const watching = watchUntil(endpoint, 300, { period_ms: 60 }, { hear, probe });
    for (let taken = 0; taken < 100; taken++) await pictureOf(endpoint, { views: probe });
    const samples = await watching;
    expect(samples.filter(({ result }) => result.kind === "bad")).toEqual([]);
    expect(facts).toEqual(["session-held", "session-ended"]);
    expect(await resultAt(endpoint)).toMatchObject({ kind: "good" });
  });

  it("lets somebody watch, who sends nothing but requests", async () => {
    const { endpoint } = await xvnc(PATTERN, ...withPassword);
    const stream = await viewsOn().view(lookAt(endpoint), never);
    let received = 0;
    stream.onBytes((bytes) => {
      received += bytes.length;
    });
    stream.send(Buffer.from([2, 0, 0, 1, 0, 0, 0, 0]));
    stream.send(Buffer.from([3, 0, 0, 0, 0, 0, 3, 32, 2, 88]));
    await expect.poll(() => received, { timeout: 10_000 }).toBeGreaterThan(800 * 600 * 4);
    stream.close();
    await stream.ended;
  });
});
