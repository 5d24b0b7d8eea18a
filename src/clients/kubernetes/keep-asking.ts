import { longer, seconds } from "../../base/time.ts";
import type { ApiHost } from "../../model/inventory.ts";
import type { KubernetesConnection } from "./connection.ts";
import { pulsePeriod } from "./server-state.ts";

/** A server that is dead need not be found alive any sooner. */
const DEAD_PERIOD = seconds(1);

/**
 * A server that dies sends no farewell. So each one is asked again and again whether it lives: the one in use, so that
 * nobody waits for a dead stream, and the others, so that nobody moves to a dead one. Runs until `signal` is aborted.
 */
export async function keepAsking(
  connection: KubernetesConnection,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    connection.servers.map(async (server) => await keepAskingOne(connection, server, signal)),
  );
}

async function keepAskingOne(
  connection: KubernetesConnection,
  server: ApiHost,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = connection;
  const period = pulsePeriod(clock);
  let alive = true;
  while (!signal.aborted) {
    const due = clock
      .sleep(alive ? period : longer(DEAD_PERIOD, period), signal)
      .catch(() => undefined);
    if (connection.hosts().includes(server)) alive = await connection.pulse(server, signal);
    await due;
  }
}
