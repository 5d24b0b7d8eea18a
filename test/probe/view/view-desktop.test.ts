import { afterEach, describe, expect, it } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { OperatingError } from "../../../src/base/errors.ts";
import { instantInMs, milliseconds } from "../../../src/base/time.ts";
import type { TicketEndpoint } from "../../../src/contracts/endpoint.ts";
import type { DesktopStream } from "../../../src/contracts/viewing.ts";
import { novnc } from "../attempts.ts";
import type { FakeDesktop, Line } from "../fake-desktop.ts";
import { fakeDesktop, speakRfb } from "../fake-desktop.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { lookAt, never, viewsOn } from "../views.ts";

const desktops: FakeDesktop[] = [];
afterEach(async () => {
  for (const desktop of desktops.splice(0)) await desktop.close();
});

interface Viewed {
  readonly stream: DesktopStream;
  readonly desktop: FakeDesktop;
  readonly line: Line;
}

/** A view of a desktop that then does what the test wants. */
async function viewed(signal = never): Promise<Viewed> {
  const lines: Line[] = [];
  const speak = async (line: Line): Promise<void> => {
    lines.push(line);
    await speakRfb({ name: "pod-1", width: 32, height: 16 })(line);
  };
  const desktop = await fakeDesktop({ speak });
  desktops.push(desktop);
  const stream = await viewsOn().view(lookAt(novnc(desktop)), signal);
  return { stream, desktop, line: present(lines[0], "the server's side") };
}

const request = Buffer.from([3, 0, 0, 0, 0, 0, 0, 32, 0, 16]);

/** Collects what comes. */
function collect(stream: DesktopStream): { readonly bytes: () => Buffer } {
  const parts: Uint8Array[] = [];
  stream.onBytes((bytes) => parts.push(bytes));
  return { bytes: () => Buffer.concat(parts) };
}

describe("a view of a desktop", () => {
  it("begins behind the handshake, with ServerInit as it came", async () => {
    const { stream } = await viewed();
    const init = Buffer.from(stream.init);
    expect([init.readUInt16BE(0), init.readUInt16BE(2)]).toEqual([32, 16]);
    expect(init.subarray(24).toString()).toBe("pod-1");
    stream.close();
  });

  it("hands bytes on in both directions, none lost that came before anybody took them", async () => {
    const { stream, line } = await viewed();
    line.send([2]);
    stream.send(request);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    const seen = collect(stream);
    await expect.poll(() => seen.bytes().length).toBe(1 + 4 + 12 + 32 * 16 * 4);
    expect(seen.bytes()[0]).toBe(2);
    stream.close();
    await stream.ended;
  });

  it("reads nothing while it is paused", async () => {
    const { stream, line } = await viewed();
    const seen = collect(stream);
    stream.pause(true);
    line.send([2]);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    expect(seen.bytes()).toHaveLength(0);
    stream.pause(false);
    await expect.poll(() => seen.bytes().length).toBe(1);
    stream.close();
  });

  it("has no limit on what comes in its life", async () => {
    const { stream, line } = await viewed();
    let received = 0;
    stream.onBytes((bytes) => {
      received += bytes.length;
    });
    const megabyte = Buffer.alloc(1 << 20);
    for (let count = 0; count < 70; count++) line.send(megabyte);
    await expect.poll(() => received, { timeout: 20_000 }).toBe(70 << 20);
    stream.close();
  });

  it("ends when the desktop does, when it is closed, and when its signal is aborted", async () => {
    const gone = await viewed();
    collect(gone.stream);
    gone.line.websocket.terminate();
    await gone.stream.ended;

    const closed = await viewed();
    closed.stream.close();
    await closed.stream.ended;
    await expect.poll(() => closed.desktop.open()).toBe(0);

    const stop = new AbortController();
    const stopped = await viewed(stop.signal);
    stop.abort();
    await stopped.stream.ended;
    await expect.poll(() => stopped.desktop.open()).toBe(0);
  });

  it("takes no ticket that an attempt or a picture could have had", async () => {
    const clock = new VirtualClock();
    const views = viewsOn(clock);
    const asked_ms: number[] = [];
    const endpoint: TicketEndpoint = {
      kind: "ticket",
      minimum_period_ms: 1000,
      address: () => {
        asked_ms.push(instantInMs(clock.now()));
        throw new OperatingError("not-reached", "nobody is there");
      },
      open: async () => await Promise.reject(new Error("nobody is there")),
    };
    const limit = milliseconds(5000);
    const entering = [
      views.view(lookAt(endpoint), never),
      views.picture({ ...lookAt(endpoint), limit }, never),
      views.view(lookAt(endpoint), never),
      views.picture({ ...lookAt(endpoint), limit }, never),
    ];
    await clock.runUntilSettled(Promise.allSettled(entering));
    // Viewers and pictures alike come no sooner than a second after one another.
    expect(asked_ms).toEqual([0, 0, 1000, 1000]);
  });

  it("is refused in words where nobody answers", async () => {
    const desktop = await fakeDesktop();
    await desktop.close();
    await expect(viewsOn().view(lookAt(novnc(desktop)), never)).rejects.toThrow(
      "Cannot look at the desktop as refused",
    );
  });
});
