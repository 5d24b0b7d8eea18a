import { after, milliseconds, seconds } from "../../src/base/time.ts";
import type { Secrets } from "../../src/contracts/secrets.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import type { AttemptMeans, AttemptOrder } from "../../src/probe/attempt.ts";
import { attempt } from "../../src/probe/attempt.ts";
import { FramePlaces } from "../../src/probe/frame-places.ts";
import { SecureContexts } from "../../src/probe/layers/tls.ts";
import { Passwords } from "../../src/probe/passwords.ts";
import { freshManners } from "../../src/probe/manners.ts";
import { novncAt } from "../play/watch-desktop.ts";
import type { DepthCost } from "../report/results.ts";
import type { FlatOutOrder } from "./order.ts";

const MICROSECONDS_PER_MS = 1000;

/** One attempt after the other on each desktop, without a pause: what an attempt of that depth costs this process. */
export async function flatOut(order: FlatOutOrder, secrets: Secrets): Promise<DepthCost> {
  const clock = new SystemClock();
  const means = { clock, contexts: new SecureContexts(), passwords: new Passwords(secrets) };
  let results = { good: 0, failed: 0 };
  const work = async (until: number): Promise<void> => {
    await Promise.all(
      order.addresses.map(async (address) => {
        const attemptOn = attempter(address, order, means);
        while (clock.now() < until) results[(await attemptOn()) ? "good" : "failed"] += 1;
      }),
    );
  };
  await work(after(clock.now(), seconds(order.warmup_s)));
  results = { good: 0, failed: 0 };
  const cpu = process.cpuUsage();
  await work(after(clock.now(), seconds(order.seconds)));
  const { user, system } = process.cpuUsage(cpu);
  return {
    depth: order.depth,
    attempts: results.good + results.failed,
    failed: results.failed,
    cpu_ms: (user + system) / MICROSECONDS_PER_MS,
  };
}

function attempter(
  address: string,
  { port, depth }: FlatOutOrder,
  means: AttemptMeans,
): () => Promise<boolean> {
  const endpoint = novncAt(address, port);
  const order: AttemptOrder = {
    endpoint: () => endpoint,
    depth,
    held: () => false,
    places: new FramePlaces(),
    manners: freshManners(),
    grid: {
      period: milliseconds(1000),
      connectTimeout: milliseconds(1000),
      attemptTimeout: milliseconds(2000),
    },
  };
  return async () => (await attempt(order, means)).result.kind === "good";
}
