import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PageEvent } from "../../../src/cli/web/event-hub.ts";
import { StateFeed } from "../../../src/cli/web/state-feed.ts";
import { nothingYet } from "../../../src/live/live-state.ts";

const feeding = (): { feed: StateFeed; sent: PageEvent[] } => {
  const sent: PageEvent[] = [];
  const hub = { send: (event: PageEvent) => sent.push(event) };
  return { feed: new StateFeed(hub, nothingYet, () => 7), sent };
};

describe("StateFeed", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("tells changes together, four times a second at the most", () => {
    const { feed, sent } = feeding();
    for (let at_ms = 1; at_ms <= 100; at_ms++) {
      feed.update({ ...nothingYet, at_ms });
      vi.advanceTimersByTime(10);
    }
    expect(sent).toHaveLength(4);
    expect(sent[0]).toMatchObject({ name: "state", data: { now_ms: 7, parts: { at_ms: 25 } } });
  });

  it("tells the last state at once when it is asked to, and nothing twice", () => {
    const { feed, sent } = feeding();
    feed.update({ ...nothingYet, stopping: "the page" });
    feed.flush();
    feed.flush();
    vi.advanceTimersByTime(1000);
    expect(sent).toMatchObject([{ data: { parts: { stopping: "the page" } } }]);
  });

  it("gives one who comes now what the others know, so that the next change fits", () => {
    const { feed, sent } = feeding();
    feed.update({ ...nothingYet, at_ms: 1 });
    feed.flush();
    feed.update({ ...nothingYet, at_ms: 2 });
    expect(feed.snapshot).toMatchObject({ data: { known: 0, parts: { at_ms: 1, run: null } } });
    feed.flush();
    expect(sent.at(-1)).toMatchObject({ data: { parts: { at_ms: 2 } } });
  });
});
