import { DateTime } from "luxon";
import { expect, it } from "vitest";
import { at, seconds } from "../../../src/base/time.ts";
import { serveDesktop } from "../../../src/lab/desktop/serve-desktop.ts";
import { paint, SCREEN } from "../../../src/lab/desktop/picture.ts";
import { createLabNetwork } from "../../../src/lab/network/create-network.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { clockBut } from "../../support/clock-but.ts";
import { novnc } from "../attempts.ts";
import { colourAt, pictureOf } from "../views.ts";

const PORT = 6080;

it("the picture of a lab's desktop is what the lab paints, pixel by pixel", async () => {
  const wall = DateTime.fromISO("2026-11-30T12:34:56.000Z");
  const network = await createLabNetwork(new SystemClock());
  const host = await network.addHost("guest");
  await serveDesktop(host, PORT, {
    clock: clockBut({ now: () => at(seconds(12.34)), wall: () => wall }),
    name: () => "desktop-1 boot 7",
    password: () => null,
    vncUp: () => true,
  });
  const base = `://${host.address}:${PORT}`;
  const urls = { page_url: `http${base}/vnc.html`, websocket_url: `ws${base}/websockify` };
  const picture = await pictureOf(novnc(urls));
  await network.close();
  const { width, height } = SCREEN;
  expect(picture).toMatchObject({ width, height, instance: "desktop-1 boot 7" });
  const painted: number[] = [];
  paint(SCREEN, { number: 123, seconds: wall.toSeconds() }, (colour) => painted.push(colour));
  const seen = painted.map((_, index) =>
    colourAt(picture, index % width, Math.floor(index / width)),
  );
  expect(seen.findIndex((colour, index) => colour !== painted[index])).toBe(-1);
});
