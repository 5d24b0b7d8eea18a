import { setMaxListeners } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import type { PollersLine } from "./lines.ts";
import { pollersOrder } from "./lines.ts";
import { pollMethods } from "./methods.ts";
import { pollPage } from "./poller.ts";

/** The pollers, in a process of their own: they are told of pages and tell what they saw, until their input ends. */

const { seed } = z.object({ seed: z.int() }).parse(JSON.parse(process.argv[2] ?? ""));
const random = new SeededRandom(seed);
const clock = new SystemClock();
const stops = new Map<string, AbortController>();
const tell = (line: PollersLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function pollByAll(id: string, url: string, stop: AbortSignal): Promise<void> {
  await Promise.all(
    pollMethods.map(async (method, index) => {
      const delay_ms = random.fork(`${id}/${index}`).next() * method.pause_ms;
      const polls = await pollPage(url, { method, delay_ms }, { clock, stop });
      tell({ id, method, polls: [...polls] });
    }),
  );
}

const running: Promise<void>[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  const order = pollersOrder.parse(JSON.parse(line));
  if (order.kind === "stop") {
    stops.get(order.id)?.abort();
    stops.delete(order.id);
  } else {
    const stop = new AbortController();
    // Each method's pause and its poll listen to it.
    setMaxListeners(0, stop.signal);
    stops.set(order.id, stop);
    running.push(pollByAll(order.id, order.url, stop.signal));
  }
}
for (const stop of stops.values()) stop.abort();
await Promise.all(running);
