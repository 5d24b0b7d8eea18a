import { describe, expect, it, vi } from "vitest";
import { EventHub } from "../../../src/cli/web/event-hub.ts";

const nothing = (): void => undefined;

async function textOf(stream: ReadableStream<Uint8Array> | null): Promise<string> {
  return stream === null ? "no stream" : await new Response(stream).text();
}

describe("EventHub", () => {
  it("tells a page first what is known, then what comes, and ends", async () => {
    const hub = new EventHub();
    const stream = hub.open([{ name: "state", data: { run: "a\nb" } }], nothing);
    hub.send({ name: "desktop", data: null });
    hub.end();
    expect(await textOf(stream)).toBe(
      'event: state\ndata: {"run":"a\\nb"}\n\nevent: desktop\ndata: null\n\n',
    );
    expect(hub.clients).toBe(0);
  });

  it("tells one who comes after the end what is known, and no more", async () => {
    const hub = new EventHub();
    hub.end();
    expect(await textOf(hub.open([{ name: "end", data: null }], nothing))).toBe(
      "event: end\ndata: null\n\n",
    );
  });

  it("tells what is known of a long run, however large, and goes on from there", async () => {
    const hub = new EventHub();
    const large = "x".repeat(3_000_000);
    const stream = hub.open(
      [
        { name: "state", data: large },
        { name: "desktop", data: 1 },
      ],
      nothing,
    );
    hub.send({ name: "state", data: 2 });
    hub.end();
    const text = await textOf(stream);
    expect(text).toContain(large);
    expect(text).toMatch(/event: desktop\ndata: 1\n\nevent: state\ndata: 2\n\n$/u);
  });

  it("takes four pages, and another one when one of them is closed", async () => {
    const hub = new EventHub();
    const streams = Array.from({ length: 4 }, () => hub.open([], nothing));
    expect(hub.open([], nothing)).toBeNull();
    await streams[0]?.cancel();
    expect(hub.open([], nothing)).not.toBeNull();
  });

  it("drops a page that does not read, and goes on with the others", async () => {
    const hub = new EventHub();
    const hungUp = vi.fn<() => void>();
    hub.open([], hungUp);
    const reading = hub.open([], nothing);
    const reader = reading?.getReader();
    const event = { name: "state", data: "x".repeat(100_000) };
    for (let count = 0; count < 20; count++) {
      hub.send(event);
      const { value } = (await reader?.read()) ?? {};
      expect(value?.length).toBeGreaterThan(100_000);
    }
    expect(hungUp).toHaveBeenCalledTimes(1);
    expect(hub.clients).toBe(1);
  });
});
