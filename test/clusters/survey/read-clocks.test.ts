import { describe, expect, it } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { milliseconds, seconds } from "../../../src/base/time.ts";
import { spanInMs } from "../../../src/base/interval.ts";
import { readClocks } from "../../../src/clusters/survey/read-clocks.ts";
import { shownAt } from "../../../src/clusters/survey/shown-at.ts";
import type { ClocksRead } from "../../../src/model/clock-offset.ts";
import type { ApiHost } from "../../../src/model/inventory.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const never = new AbortController().signal;
const secrets = { resolve: async () => "key" };

/** API hosts whose clocks are ahead of ours by so many milliseconds, and answer 10 ms after the question. */
async function readFrom(
  ahead: Readonly<Record<string, (nowMs: number) => number>>,
  silent: readonly string[] = [],
): Promise<ClocksRead> {
  const clock = new VirtualClock();
  const hosts: ApiHost[] = [...Object.keys(ahead), ...silent].map((node) => ({
    url: `https://${node}:8006`,
    node,
  }));
  return await clock.runUntilSettled(
    readClocks(
      {
        nodes: [],
        hosts,
        answerOf: async ({ node }, signal) => {
          const earliest = clock.now();
          if (silent.includes(node ?? "")) await clock.sleep(seconds(1e6), signal);
          await clock.sleep(milliseconds(5), signal);
          const now = clock.wall().toMillis();
          const date = Math.floor((now + (ahead[node ?? ""]?.(now) ?? 0)) / 1000);
          await clock.sleep(milliseconds(5), signal);
          return { date, during: { earliest, latest: clock.now() } };
        },
      },
      { clock, secrets },
      never,
    ),
  );
}

describe("readClocks", () => {
  it.each([0, 1, 250, 999, -3300, 86_400_000])(
    "bounds a clock that is %d ms ahead, closer than the second to which its Date is cut",
    async (ahead) => {
      const { clocks, silent } = await readFrom({ pve1: () => ahead });
      expect(silent).toEqual([]);
      const [low, high] = clocks[0]?.offset_ms ?? [0, 0];
      expect(low).toBeLessThanOrEqual(ahead + 0.001);
      expect(high).toBeGreaterThanOrEqual(ahead - 0.001);
      expect(high - low).toBeLessThan(160);
    },
  );

  it("tells who is silent, and whose clock jumped while it was asked, beside those that told", async () => {
    let answers = 0;
    const jumping = (): number => (++answers > 4 ? 5000 : 0);
    const { clocks, silent } = await readFrom({ pve1: () => 0, pve2: jumping }, ["pve3"]);
    expect(clocks.map(({ host, over }) => `${host} ${over}`)).toEqual(["pve1 http"]);
    expect(silent).toEqual([
      { host: "pve2", over: "http", error: expect.stringContaining("jumped") },
      { host: "pve3", over: "http", error: expect.any(String) },
    ]);
  });

  it("never rejects, even when it is told to stop", async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    clock.queue.after(milliseconds(500), () =>
      stop.abort(new OperatingError("timed-out", "enough")),
    );
    const reading = readClocks(
      {
        nodes: [],
        hosts: [{ url: "https://pve1:8006", node: null }],
        answerOf: async (_host, signal) => {
          await clock.sleep(seconds(1e6), signal);
          throw new Error("not reached");
        },
      },
      { clock, secrets },
      stop.signal,
    );
    expect((await clock.runUntilSettled(reading)).silent).toEqual([
      { host: "pve1:8006", over: "http", error: "enough" },
    ]);
  });
});

describe("shownAt", () => {
  const read: ClocksRead = {
    epoch_ms: 1_800_000_000_000,
    clocks: [
      { host: "pve1", over: "http", offset_ms: [-500, 500] },
      { host: "pve1", over: "ssh", offset_ms: [2000, 2010] },
      { host: "pve2", over: "http", offset_ms: [-500, 500] },
    ],
    silent: [],
  };

  const at = (host: string | null, high = 1_800_000_101) => {
    const span = shownAt(read, host, [1_800_000_100, high]);
    return span === null ? null : spanInMs(span);
  };

  it("places a stamp on our clock, by the closest that is known of the clock that wrote it", () => {
    expect(at("pve1", 1_800_000_100)).toEqual([97_990, 98_000]);
    expect(at("pve2")).toEqual([99_500, 101_500]);
    expect([at("pve3"), at(null), shownAt(null, "pve1", [0, 0])]).toEqual([null, null, null]);
  });
});
