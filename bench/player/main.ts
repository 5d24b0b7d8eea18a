import { setMaxListeners } from "node:events";
import type { LabHost } from "../../src/lab/network/network.ts";
import { createLabNetwork } from "../../src/lab/network/create-network.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import type { PlayerLine, PlayerOrder } from "./lines.ts";
import { playerOrder } from "./lines.ts";
import type { Stage } from "./play.ts";
import { playAll } from "./play.ts";
import { PlayedDesktop, PORT } from "./played-desktop.ts";
import { scheduleOf } from "./schedule.ts";

/** A process of its own that plays desktops, until its work is done or who started it is gone. */

const clock = new SystemClock();
const gone = new AbortController();
// Every play that waits listens to it.
setMaxListeners(0, gone.signal);
const networks: Awaited<ReturnType<typeof createLabNetwork>>[] = [];
const HOSTS_PER_NETWORK = 250;
let hosts = 0;

const tell = (line: PlayerLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Networks are opened one after the other, each when the one before is full. */
let lastHost: Promise<unknown> = Promise.resolve();
async function host(name: string): Promise<LabHost> {
  const added = lastHost.then(async () => {
    if (hosts++ % HOSTS_PER_NETWORK === 0) networks.push(await createLabNetwork(clock));
    const network = networks.at(-1);
    if (network === undefined) throw new Error("no network");
    return await network.addHost(name);
  });
  lastHost = added;
  return await added;
}

async function play({ seed, parts }: Extract<PlayerOrder, { kind: "play" }>): Promise<void> {
  const random = new SeededRandom(seed);
  const control = new PlayedDesktop(await host("control"), 0);
  await control.open();
  const stage: Stage = { clock, host, control: control.address, tell, signal: gone.signal };
  await Promise.all(
    parts.map(async (part) => {
      const outages = scheduleOf(part, random.fork(`${part.period_ms} ms`));
      await playAll(outages, part.at_once, stage);
    }),
  );
  tell({ kind: "finished" });
}

async function serve({ desktops }: Extract<PlayerOrder, { kind: "serve" }>): Promise<void> {
  const addresses: string[] = [];
  for (let index = 0; index < desktops; index++) {
    const desktop = new PlayedDesktop(await host(`desktop ${index}`), 0);
    await desktop.open();
    addresses.push(desktop.address);
  }
  tell({ kind: "serving", addresses, port: PORT });
  await new Promise<void>((resolve) => {
    gone.signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

process.stdin.on("end", () => gone.abort()).resume();
try {
  const order = playerOrder.parse(JSON.parse(process.argv[2] ?? ""));
  await (order.kind === "play" ? play(order) : serve(order));
} catch (error) {
  if (!gone.signal.aborted) throw error;
} finally {
  await Promise.all(networks.map(async (network) => await network.close()));
  process.stdin.destroy();
}
